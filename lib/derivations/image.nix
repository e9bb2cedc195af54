let
  layersOf = import ../image/layers.nix;
  pythonDerivation = import ./python-derivation.nix;
  text = import ../text.nix;
in
/*
  Make an image of containers. It is a folder by the image layout of the Open Container Initiative,
  whose layers are derivations of their own: one for the interpreter, one for each large package and
  each group of small ones, one for libraries, and the last for the environment or the application.
  `dockerArchive` is the image as a docker-archive; `stream` has a program that writes that to its
  standard output, of no stored layer.

  Type: image :: {
    toolchain, builder :: the record, the derivation;
    image        :: { name, tag :: string; created :: int; platform, config :: attrs }, as the image's
                    configuration has it;
    root         :: { user, folders, links }, files outside of the store;
    python       :: derivation, the interpreter;
    packages     :: { <package> = derivation }, with `pname` and `version`, that have layers;
    links        :: [attrs], the files of the lock, by whose size packages are grouped;
    last         :: [derivation], what the last layer has;
    roots        :: [string], what else the image has with all that it needs, such as programs;
  } -> derivation with { dockerArchive, layers, stream }

  Example:
    image {
      inherit toolchain builder python;
      image = { name = "example"; tag = "1"; created = 1; platform = { }; config = { }; };
      root = { user = null; folders = [ ]; links = { }; };
      packages = { };
      links = [ ];
      last = [ env ];
      roots = [ ];
    }
    => «derivation /nix/store/…-image-example.drv»
*/
{
  toolchain,
  builder,
  image,
  root,
  python,
  packages,
  links,
  last,
  roots,
}:
let
  name = text.storeName "image-${builtins.baseNameOf image.name}";
  packageLayers = layersOf {
    inherit packages links;
    inherit (toolchain) target;
  };
  # By what each closure is called in specs.
  graphs = {
    interpreter = [ python ];
    image = last ++ roots;
  };

  step =
    derivationName: stepName: spec: graphNames:
    (pythonDerivation {
      name = derivationName;
      inherit (toolchain) system;
      inherit (builder) python;
      program = [
        "${builder}"
        stepName
      ];
      inherit spec;
    }).overrideAttrs
      (_old: {
        exportReferencesGraph = builtins.concatMap closuresOf graphNames;
      });

  # A file of Nix has the closure of one path.
  closuresOf =
    graph:
    let
      paths = graphs.${graph};
    in
    builtins.concatLists (
      builtins.genList (index: [
        "${graph}-${toString index}"
        (builtins.elemAt paths index)
      ]) (builtins.length paths)
    );
  namesOf =
    graph: builtins.genList (index: "${graph}-${toString index}") (builtins.length graphs.${graph});

  layers = [
    {
      name = "image-layer-interpreter";
      graphNames = [ "interpreter" ];
      spec = {
        title = "interpreter";
        paths = [ ];
        graphs = namesOf "interpreter";
      };
    }
    {
      name = "image-layer-libraries";
      graphNames = [
        "interpreter"
        "image"
      ];
      spec = {
        title = "libraries";
        paths = [ ];
        graphs = namesOf "image";
        without = {
          graphs = namesOf "interpreter";
          paths = builtins.attrValues packages ++ last;
        };
      };
    }
  ]
  ++ map (layer: {
    inherit (layer) name;
    graphNames = [ ];
    spec = {
      inherit (layer) title paths;
    };
  }) packageLayers
  ++ [
    {
      name = "image-layer-last";
      graphNames = [ ];
      spec = {
        title = "application";
        paths = last;
        inherit root;
      };
    }
  ];

  layerByName = builtins.listToAttrs (
    map (layer: {
      inherit (layer) name;
      value = step layer.name "layer" layer.spec layer.graphNames;
    }) layers
  );

  archive =
    derivationName: program:
    step derivationName "image_archive" (
      image
      // {
        inherit (root) links;
        inherit program;
        layers = map (layer: layer.spec) layers;
      }
    ) [
      "interpreter"
      "image"
    ];
in
step name "image" (
  image
  // {
    inherit (root) links;
    layers = map (layer: layerByName.${layer.name}) layers;
  }
) [ ]
// {
  layers = layerByName;
  dockerArchive = archive "${name}.tar" null;
  stream =
    archive "${name}-stream" {
      name = "stream";
      python = builder.python.interpreter;
      builder = "${builder}";
    }
    // {
      meta.mainProgram = "stream";
    };
}

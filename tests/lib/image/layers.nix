_fixtures:
let
  layers = import ../../../lib/image/layers.nix;
  numbers = builtins.genList (number: number);
  packagesOf =
    names:
    builtins.listToAttrs (
      map (name: {
        inherit name;
        value = {
          pname = name;
          version = "1";
        };
      }) names
    );
  made =
    names: sizeOf:
    layers {
      packages = packagesOf names;
      target = "x86_64-linux";
      links = map (name: { package = name; } // sizeOf name) names;
    };
  namesOf = layer: map (package: package.pname) layer.paths;
  many = map (number: "package-${toString number}") (numbers 400);
  small = _name: { size = 1000; };
  groups = names: map namesOf (made names small);
in
{
  "large packages have layers of their own, and so have those of unknown size" = {
    value = map (layer: [
      layer.name
      layer.title
    ]) (made [ "idna" "torch" "unknown" ] (
      name:
      {
        idna.size = 70000;
        torch.size = 900000000;
        unknown = { };
      }
      .${name}
    ));
    expected = [
      [
        "image-package-torch"
        "torch 1"
      ]
      [
        "image-package-unknown"
        "unknown 1"
      ]
      [
        "image-packages-d"
        "idna 1"
      ]
    ];
  };
  "a size counts for its system" = {
    value = map (layer: layer.name) (layers {
      packages = packagesOf [ "idna" ];
      target = "x86_64-linux";
      links = [
        {
          package = "idna";
          size = 9000000;
          systems = [ "aarch64-linux" ];
        }
        {
          package = "idna";
          size = 9;
          systems = [ "x86_64-linux" ];
        }
      ];
    });
    expected = [ "image-packages-d" ];
  };
  "a package of nixpkgs, which the lock has no file of, is small" = {
    value = map (layer: layer.name) (layers {
      packages = packagesOf [ "idna" ];
      target = "x86_64-linux";
      links = [ ];
    });
    expected = [ "image-packages-d" ];
  };
  "small packages have at most sixteen layers" = {
    value = builtins.length (made many small);
    expected = 16;
  };
  "a new small package moves no other one" = {
    value =
      let
        before = groups many;
        after = map (builtins.filter (name: name != "package-new")) (groups (many ++ [ "package-new" ]));
      in
      before == after;
    expected = true;
  };
  "of many large packages the largest are alone" = {
    value =
      let
        alone = builtins.filter (layer: builtins.substring 0 14 layer.name == "image-package-") (
          made many (name: {
            size = 2000000 + (if name == "package-399" then 1 else 0);
          })
        );
      in
      [
        (builtins.length alone)
        (builtins.elem [ "package-399" ] (map namesOf alone))
      ];
    expected = [
      64
      true
    ];
  };
  "every package is in one layer" = {
    value = builtins.sort builtins.lessThan (
      builtins.concatMap namesOf (
        made many (name: if builtins.stringLength name == 11 then { size = 5000000; } else { })
      )
    );
    expected = builtins.sort builtins.lessThan many;
  };
}

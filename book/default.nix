let
  text = import ../lib/text.nix;

  documents = [
    "CHANGELOG.md"
    "CONTRIBUTING.md"
    "README.md"
    "docs"
  ];

  # The folder or file, and what it lies in.
  isPart =
    names: relative:
    builtins.any (name: relative == name || text.hasPrefix "${name}/" relative) names;

  part =
    name: names:
    builtins.path {
      inherit name;
      path = ./..;
      filter =
        file: _type:
        baseNameOf file != "__pycache__"
        && isPart names (
          builtins.substring (builtins.stringLength (toString ./..) + 1) (-1) file
        );
    };
in
/*
  Make the book: the documents as a folder of pages, with `index.html`.

  Type: book :: { toolchain, makePythonPypiEnvironment, version :: string } -> derivation

  Example:
    book { inherit toolchain makePythonPypiEnvironment; version = "0.1.0"; }
    => «derivation /nix/store/…-wheelhouse-book.drv»
*/
{
  toolchain,
  makePythonPypiEnvironment,
  version,
}:
let
  environment = makePythonPypiEnvironment {
    name = "book-environment";
    sourcesYaml = ./sources + "/${toolchain.python.pythonVersion}.yaml";
    python = toolchain.python;
  };
in
derivation {
  name = "wheelhouse-book";
  inherit (toolchain) system;
  builder = "${environment}/bin/python";
  # Nix starts a builder with a bare argv[0], and Python looks for itself by that.
  PATH = "${environment}/bin";
  args = [
    "-I"
    "${part "book-program" [ "book" ]}/book/build.py"
  ];
  # The order of sets is part of what is written.
  PYTHONHASHSEED = "0";
  documents = part "documents" documents;
  inherit version;
}
// {
  inherit environment;
  meta.description = "The documents of wheelhouse, as pages to read";
}

let
  pythonDerivation = import ../derivations/python-derivation.nix;
  pythonSource = import ../derivations/python-source.nix;
  librarySource = import ./library-source.nix;
  storeReference = import ./store-reference.nix;
in
/*
  Make a program of the project. It finds uv, the libraries that builds import, and, if it builds,
  this library and the package set, in variables that its launcher sets where they aren't set.

  Type: program :: {
    name        :: string, of the program and in the store;
    toolchain   :: the record;
    environment :: derivation, with what the program imports;
    description, module, folders, builds, completions, data :: see table.nix;
  } -> derivation with bin/<name>

  Example:
    program ({ name = "lock"; inherit toolchain; environment = pkgs.python3; } // { description = "…"; module = "lock.commands.main"; folders = [ "lock" ]; })
    => «derivation /nix/store/…-lock.drv»
*/
{
  name,
  toolchain,
  environment,
  description,
  module,
  folders,
  builds ? false,
  completions ? false,
  data ? { },
}:
let
  # Metadata of some packages is built while locking, by builds that import native wheels.
  libraries = builtins.concatStringsSep ":" (
    map (library: library.directory) toolchain.basicLibraries
  );
in
pythonDerivation {
  inherit name;
  inherit (toolchain) system python;
  program = [ "${../../lock/install_program.py}" ];
  spec = {
    inherit
      name
      module
      folders
      completions
      ;
    source = pythonSource folders;
    python = "${environment}/bin/python";
    variables = {
      WHEELHOUSE_LIBRARIES = libraries;
      WHEELHOUSE_UV = "${toolchain.uv}/bin/uv";
      # `lock fetch` has the builder's own files ready, too.
      WHEELHOUSE_BUILDER_SOURCES = builtins.path {
        name = "builder-sources";
        path = ../../builder/sources;
      };
    }
    // builtins.mapAttrs (
      _variable: path:
      builtins.path {
        name = baseNameOf path;
        inherit path;
      }
    ) data
    // (
      if builds then
        {
          WHEELHOUSE_LIBRARY = librarySource;
          WHEELHOUSE_PACKAGE_SET = storeReference toolchain.packageSet;
          WHEELHOUSE_SYSTEM = toolchain.system;
          WHEELHOUSE_TARGET = toolchain.target;
          WHEELHOUSE_PYTHONS = builtins.concatStringsSep " " toolchain.pythonVersions;
        }
      else
        { }
    );
  };
}
// {
  inherit libraries;
  meta = {
    inherit description;
    mainProgram = name;
  };
}

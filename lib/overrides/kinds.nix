let
  text = import ../text.nix;

  kindOf =
    file:
    if !text.hasSuffix ".whl" file.name then
      "sdist"
    else if text.hasSuffix "-any.whl" file.name then
      "pure"
    else
      "native";
in
/*
  Return, by package, the kinds of files that a lock has of it for any system (lib/overrides/keys.nix).

  Type: kinds :: attrs -> { <package> = [string] }

  Example:
    kinds {
      links = [ { package = "idna"; name = "idna-3.10-py3-none-any.whl"; } ];
      packages = [ { name = "idna"; } { name = "tkinter"; from = "nixpkgs"; } ];
    }
    => { idna = [ "pure" ]; tkinter = [ "nixpkgs" ]; }
*/
data:
builtins.mapAttrs (_: map kindOf) (
  builtins.groupBy (file: file.package) (data.links ++ data.build-links or [ ])
)
// builtins.listToAttrs (
  map (package: {
    inherit (package) name;
    value = [ package.from ];
  }) (builtins.filter (package: package ? from) (data.packages or [ ]))
)

let
  text = import ../text.nix;

  kindOf =
    file:
    if file ? project then
      "project"
    else if !text.hasSuffix ".whl" file.name then
      "sdist"
    else if text.hasSuffix "-any.whl" file.name then
      "pure"
    else
      "native";
in
/*
  Return, by package, the kinds of files that a lock has of it for any system (lib/overrides/keys.nix).
  "build" among them says that only builds use it, "needing" that the lock says that it needs
  something of the system.

  Type: kinds :: attrs -> { <package> = [string] }

  Example:
    kinds {
      links = [ { package = "idna"; name = "idna-3.10-py3-none-any.whl"; } ];
      packages = [ { name = "idna"; } { name = "tkinter"; from = "nixpkgs"; } ];
    }
    => { idna = [ "pure" ]; tkinter = [ "nixpkgs" ]; }
*/
data:
let
  byPackage = builtins.groupBy (file: file.package);
  needing = byPackage (data.native or [ ]);
  kinds =
    builtins.mapAttrs (_: files: map kindOf files ++ [ "build" ]) (byPackage (data.build-links or [ ]))
    // builtins.mapAttrs (_: map kindOf) (byPackage data.links)
    // builtins.listToAttrs (
      map (package: {
        inherit (package) name;
        value = [ package.from ];
      }) (builtins.filter (package: package ? from) (data.packages or [ ]))
    );
in
if needing == { } then
  kinds
else
  builtins.mapAttrs (name: own: own ++ (if needing ? ${name} then [ "needing" ] else [ ])) kinds

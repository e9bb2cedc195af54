fixtures:
let
  inherit (fixtures) lock;
  validate = import ../../../lib/sources/validate.nix;
in
{
  "a newer format asks for an update" = {
    value = validate "environment \"x\"" (lock // { wheelhouse = 2; });
    throws = "environment \"x\": the lock has format 2, but this version of wheelhouse reads format 1";
  };
  "a lock without links is refused" = {
    value = validate "environment \"x\"" (removeAttrs lock [ "links" ]);
    throws = "no usable \"links\"";
  };
  "a link without a hash is named" = {
    value = validate "environment \"x\"" (
      lock // { links = [ (removeAttrs (builtins.head lock.links) [ "sha256" ]) ]; }
    );
    throws = "the link \"idna-3.10-py3-none-any.whl\" lacks one of";
  };
  "a link may name a repository at a commit, or a path" = {
    value =
      let
        bare = removeAttrs (builtins.head lock.links) [
          "sha256"
          "url"
        ];
        links = [
          (
            bare
            // {
              git = "https://git.example/idna";
              rev = "0";
            }
          )
          (bare // { path = "../idna"; })
        ];
      in
      (validate "x" (lock // { inherit links; })).links == links;
    expected = true;
  };
  "a repository without a commit is named" = {
    value = validate "environment \"x\"" (
      lock
      // {
        links = [
          (removeAttrs (builtins.head lock.links) [ "url" ] // { git = "https://git.example/idna"; })
        ];
      }
    );
    throws = "the link \"idna-3.10-py3-none-any.whl\" lacks one of";
  };
  "a good lock passes unchanged" = {
    value = validate "x" lock == lock;
    expected = true;
  };
  "a lock of packages of the package set alone has neither closure nor links" = {
    value =
      let
        packages = [
          {
            name = "tkinter";
            version = "0";
            from = "nixpkgs";
          }
        ];
        checked = validate "x" (
          removeAttrs lock [
            "closure"
            "links"
          ]
          // {
            inherit packages;
          }
        );
      in
      {
        inherit (checked) closure links;
      };
    expected = {
      closure = { };
      links = [ ];
    };
  };
  "a lock of projects alone has neither closure nor links" = {
    value =
      let
        checked = validate "x" (
          removeAttrs lock [
            "closure"
            "links"
          ]
          // {
            projects = [ ];
          }
        );
      in
      [
        checked.closure
        checked.links
      ];
    expected = [
      { }
      [ ]
    ];
  };
}

fixtures:
let
  inherit (fixtures) lock;
  validate = import ../../../lib/sources/validate.nix;
  withNeeds = native: validate "environment \"x\"" (lock // { inherit native; });
  needing = {
    package = "idna";
    version = "3.10";
  };
in
{
  "needs that are no list are refused" = {
    value = withNeeds { idna = [ "libzstd.so.1" ]; };
    throws = "environment \"x\": `native` has the type set, but it must be a list";
  };
  "an item of needs that is no mapping is counted" = {
    value = withNeeds [
      (needing // { opened = [ "libzstd.so.1" ]; })
      "idna"
    ];
    throws = "item 2 of `native` has the type string, but it must be a mapping";
  };
  "an item of needs without a version is counted" = {
    value = withNeeds [ (removeAttrs needing [ "version" ]) ];
    throws = "item 1 of `native` has no usable \"version\"";
  };
  "an item of needs with an unknown key is named" = {
    value = withNeeds [ (needing // { library = [ "libzstd.so.1" ]; }) ];
    throws = "the item of idna in `native` has the unknown \"library\"; this version of wheelhouse reads \"cmake\", ";
  };
  "an item of needs whose libraries are a string is named" = {
    value = withNeeds [ (needing // { libraries = "libzstd.so.1"; }) ];
    throws = "the item of idna in `native` has no list of strings as \"libraries\"";
  };
  "needs of every kind pass unchanged" = {
    value =
      let
        native = [
          (
            needing
            // {
              libraries = [ "libzstd.so.1" ];
              opened = [ "libzstd.so.1" ];
              headers = [ "zstd.h" ];
              pkg-config = [ "libzstd" ];
              cmake = [ "zstd" ];
              linked = [ "zstd" ];
              programs = [ "swig" ];
            }
          )
        ];
      in
      (withNeeds native).native == native;
    expected = true;
  };
  "licences that are no mapping are refused" = {
    value = validate "environment \"x\"" (lock // { licenses = [ "MIT" ]; });
    throws = "environment \"x\": `licenses` has the type list, but it must be a mapping";
  };
  "a licence that is no string is named" = {
    value = validate "environment \"x\"" (lock // { licenses.idna = [ "MIT" ]; });
    throws = "the licence of idna in `licenses` is no string";
  };
  "a newer format asks for an update" = {
    value = validate "environment \"x\"" (lock // { wheelhouse = 3; });
    throws = "environment \"x\": the lock has format 3, but this version of wheelhouse reads formats 1 and 2";
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

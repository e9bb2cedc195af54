_fixtures:
let
  licenses = import ../../../lib/sources/licenses.nix;
  names = told: map (one: one.shortName) (licenses.fromText told);
in
{
  "both sides of nested ANDs and ORs are licences" = {
    value = names "(MIT OR (Apache-2.0 AND ISC)) AND BSD-3-Clause";
    expected = [
      "MIT"
      "Apache-2.0"
      "ISC"
      "BSD-3-Clause"
    ];
  };
  "a licence that stands twice is there once" = {
    value = names "MIT AND (MIT OR ISC)";
    expected = [
      "MIT"
      "ISC"
    ];
  };
  "an exception belongs to its licence" = {
    value = licenses.fromText "GPL-2.0-only WITH Classpath-exception-2.0 OR MIT";
    expected = [
      {
        shortName = "GPL-2.0-only WITH Classpath-exception-2.0";
        spdxId = "GPL-2.0-only";
      }
      {
        shortName = "MIT";
        spdxId = "MIT";
      }
    ];
  };
  "a licence with later versions isn't the one without" = {
    value = licenses.fromText "Apache-2.0+ AND Apache-2.0 AND GPL-2.0+";
    expected = [
      {
        shortName = "Apache-2.0+";
        spdxId = "Apache-2.0";
      }
      {
        shortName = "Apache-2.0";
        spdxId = "Apache-2.0";
      }
      {
        shortName = "GPL-2.0+";
        spdxId = "GPL-2.0+";
      }
    ];
  };
  "what isn't told has no SPDX name" = {
    value = map licenses.fromText [
      "unknown"
      "unknown: BSD License (see AND OR)"
    ];
    expected = [
      [ { shortName = "unknown"; } ]
      [
        {
          shortName = "unknown";
          fullName = "BSD License (see AND OR)";
        }
      ]
    ];
  };
  "a version's own line comes before that of the name" = {
    value =
      map
        (
          version:
          licenses.ofPackage
            {
              demo = "MIT";
              "demo==2" = "ISC";
            }
            {
              package = "demo";
              inherit version;
            }
        )
        [
          "1"
          "2"
        ];
    expected = [
      (licenses.fromText "MIT")
      (licenses.fromText "ISC")
    ];
  };
  "of a package that isn't there nothing is told" = {
    value = licenses.ofPackage { demo = "MIT"; } {
      package = "other";
      version = "1";
    };
    expected = null;
  };
}

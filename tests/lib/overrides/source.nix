_fixtures:
let
  sourceOf =
    source:
    import ../../../lib/overrides/source.nix {
      context = "environment \"x\"";
      package = "idna";
      fetchurl = file: "/downloads/${file.sha256}/${file.name}";
      inherit source;
    };
in
{
  "a file has the name of its path" = {
    value = (sourceOf ./source.nix).name;
    expected = "source.nix";
  };
  "a path that isn't there is refused" = {
    value = sourceOf ./none.whl;
    throws = "overrides.idna.source: there is no ";
  };
  "a derivation has its own name" = {
    value = sourceOf {
      name = "idna-3.10-py3-none-any.whl";
      outPath = "/nix/store/idna";
    };
    expected = {
      name = "idna-3.10-py3-none-any.whl";
      path = {
        name = "idna-3.10-py3-none-any.whl";
        outPath = "/nix/store/idna";
      };
    };
  };
  "an input of a flake is a folder" = {
    value = (sourceOf { outPath = "/nix/store/source"; }).name;
    expected = "source";
  };
  "a path in the store loses its hash" = {
    value = (sourceOf "/nix/store/00000000000000000000000000000000-idna-3.10-py3-none-any.whl").name;
    expected = "idna-3.10-py3-none-any.whl";
  };
  "a file is fetched by its address and hash" = {
    value = sourceOf {
      url = "https://files.example/a/idna-3.10-py3-none-any.whl?x=1#fragment";
      hash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    };
    expected = {
      name = "idna-3.10-py3-none-any.whl";
      path = "/downloads/sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=/idna-3.10-py3-none-any.whl";
    };
  };
  "a file without a hash is refused" = {
    value = sourceOf { url = "https://files.example/idna.whl"; };
    throws = "environment \"x\": overrides.idna.source has no hash. Nix prints it where it is wrong";
  };
  "an unknown key is refused" = {
    value = sourceOf {
      url = "https://files.example/idna.whl";
      hahs = "";
    };
    throws = "overrides.idna.source has no key \"hahs\"";
  };
  "anything else is refused" = {
    value = sourceOf [ ];
    throws = "environment \"x\": overrides.idna.source has the type list. Give a path, a derivation";
  };
  "another hash than a sha256 is refused" = {
    value = sourceOf {
      url = "https://files.example/idna.whl";
      hash = "sha512-AAAA";
    };
    throws = "environment \"x\": overrides.idna.source needs a text as `url`, and a sha256 as `hash`";
  };
  "a text that is no path in the store is refused" = {
    value = sourceOf "idna.whl";
    throws = "environment \"x\": overrides.idna.source is the text \"idna.whl\", which is no path in the store";
  };
}

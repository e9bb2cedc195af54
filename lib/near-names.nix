let
  text = import ./text.nix;

  characters =
    name: builtins.genList (index: builtins.substring index 1 name) (builtins.stringLength name);

  smallest = builtins.foldl' (first: second: if second < first then second else first);

  # How many characters to add, drop or replace make one name of the other (Levenshtein).
  distance =
    first: second:
    let
      others = characters second;
      columns = builtins.length others;
      nextRow =
        row: character:
        let
          start = builtins.head row + 1;
        in
        builtins.foldl' (
          found: column:
          let
            above = builtins.elemAt row;
            replaced = above column + (if character == builtins.elemAt others column then 0 else 1);
          in
          found
          ++ [
            (smallest replaced [
              (above (column + 1) + 1)
              (builtins.elemAt found column + 1)
            ])
          ]
        ) [ start ] (builtins.genList (column: column) columns);
      last = builtins.foldl' nextRow (builtins.genList (column: column) (columns + 1)) (
        characters first
      );
    in
    builtins.elemAt last columns;

  difference =
    first: second:
    let
      found = builtins.stringLength first - builtins.stringLength second;
    in
    if found < 0 then -found else found;
in
/*
  Return, nearest first, at most three of some names that a user may have meant by a name:
  those that differ from it in few characters, or that contain it.

  Type: nearNames :: string -> [string] -> [string]

  Example:
    nearNames "djago" [ "django" "idna" ]
    => [ "django" ]
*/
name: names:
let
  length = builtins.stringLength name;
  allowed = if length > 5 then 2 else 1;
  isPart =
    other:
    length > 2
    && (
      text.hasPrefix name other
      || text.hasSuffix "-${name}" other
      || text.hasPrefix "${other}-" name
      || text.hasSuffix "-${other}" name
    );
  distances = map (other: {
    name = other;
    distance = if isPart other then allowed else distance name other;
  }) (builtins.filter (other: isPart other || difference name other <= allowed) names);
  near = builtins.sort (first: second: first.distance < second.distance) (
    builtins.filter (other: other.distance <= allowed) distances
  );
  count = builtins.length near;
in
map (other: other.name) (builtins.genList (builtins.elemAt near) (if count > 3 then 3 else count))

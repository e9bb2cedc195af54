let
  number = value: if value == null then null else builtins.fromJSON value;
  user = name: uid: gid: {
    inherit name uid gid;
    home = "/home/${name}";
  };
in
/*
  Read the `user` of an image: "root", a name, whose numbers are 1000, or numbers as in "1000" and
  "1000:1000". Return null for root, and false for any other text.

  Type: user :: string -> { name, home :: string; uid, gid :: int } | null | false

  Example:
    user "app"
    => { gid = 1000; home = "/home/app"; name = "app"; uid = 1000; }
*/
value:
let
  # Numbers of nine digits fit everywhere; one such as 010 would be none of JSON.
  numbers = builtins.match "([1-9][0-9]{0,8})(:(0|[1-9][0-9]{0,8}))?" value;
  uid = number (builtins.elemAt numbers 0);
  gid = number (builtins.elemAt numbers 2);
in
if value == "root" || value == "0" || value == "0:0" then
  null
else if numbers != null then
  user "user" uid (if gid == null then uid else gid)
else if builtins.match "[a-z_][a-z0-9_-]{0,30}" value != null then
  user value 1000 1000
else
  false

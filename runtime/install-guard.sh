# Stands before pip and uv on PATH (lib/derivations/install-guards.nix, which writes the first
# lines: bash, and the folder `store`). It refuses to install into an environment there.
name=${0##*/}
here=${0%/*}

refuse() {
  printf 'wheelhouse: %s is read-only, so %s; add what you want with `lock add NAME` and enter the shell again, or install it into an environment of your own\n' \
    "$VIRTUAL_ENV" "$1" >&2
  exit 1
}

# Another place to install to, or nothing to install at all.
elsewhere=
for argument in "$@"; do
  case $argument in
    --target* | -t | --prefix* | --root* | --python* | -p | --system | --user | --dry-run | --help | -h) elsewhere=yes ;;
  esac
done

words=()
for argument in "$@"; do
  case $argument in
    -*) ;;
    *) words+=("$argument") ;;
  esac
done

if [ -z "$elsewhere" ] && [[ ${VIRTUAL_ENV-} == "$store"/* ]]; then
  case $name:${words[*]} in
    pip*:install\ * | pip*:uninstall\ *) refuse "pip can't ${words[0]} ${words[*]:1} there" ;;
    uv:pip\ install\ * | uv:pip\ uninstall\ *) refuse "uv can't ${words[1]} ${words[*]:2} there" ;;
    uv:pip\ sync*) refuse "uv can't install into it" ;;
    uv:sync*) refuse "uv can't sync it" ;;
  esac
fi

IFS=: read -ra folders <<<"$PATH"
for folder in "${folders[@]}"; do
  if [ "$folder" != "$here" ] && [ -x "$folder/$name" ] && ! [ "$folder/$name" -ef "$0" ]; then
    exec "$folder/$name" "$@"
  fi
done
printf '%s: command not found\n' "$name" >&2
exit 127

/*
 * The `bin/python` of an environment whose programs load libraries by plain name. It starts the
 * interpreter with a library path that the environment's start-up file (libraries.py) takes away
 * again: the loader reads the variable once, and what the interpreter starts inherits none of it.
 *
 * PYTHON, DIRECTORIES: the interpreter and the directories, separated by colons; given at build.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_VARIABLE "LD_LIBRARY_PATH"
/* What the caller had, for the start-up file to put back; set to nothing where there was none. */
#define SAVED_VARIABLE "WHEELHOUSE_SAVED_LD_LIBRARY_PATH"

/*
 * Whether the options turn `site` off (-S). Then no start-up file runs, and no package is there
 * that would need a library.
 */
static int without_site(int count, char **arguments)
{
    for (int index = 1; index < count; index++) {
        const char *option = arguments[index];
        if (option[0] != '-' || option[1] == '\0' || strcmp(option, "--") == 0)
            return 0;
        if (option[1] == '-') {
            if (strcmp(option, "--check-hash-based-pycs") == 0)
                index++;
            continue;
        }
        for (const char *letter = option + 1; *letter != '\0'; letter++) {
            if (*letter == 'S')
                return 1;
            if (*letter == 'c' || *letter == 'm')
                return 0;
            if (*letter == 'W' || *letter == 'X') {
                if (letter[1] == '\0')
                    index++;
                break;
            }
        }
    }
    return 0;
}

/* Put the directories before the caller's own, and keep those aside. Returns 0, or -1 with errno. */
static int extend_library_path(void)
{
    const char *given = getenv(PATH_VARIABLE);
    char *extended;

    if (given == NULL || *given == '\0')
        return setenv(SAVED_VARIABLE, "", 1) == 0 ? setenv(PATH_VARIABLE, DIRECTORIES, 1) : -1;
    extended = malloc(sizeof DIRECTORIES + 1 + strlen(given));
    if (extended == NULL || setenv(SAVED_VARIABLE, given, 1) != 0)
        return -1;
    stpcpy(stpcpy(stpcpy(extended, DIRECTORIES), ":"), given);
    return setenv(PATH_VARIABLE, extended, 1);
}

int main(int count, char **arguments)
{
    if (without_site(count, arguments) || extend_library_path() == 0)
        execv(PYTHON, arguments);
    fprintf(stderr, "%s: can't start %s: %s\n", arguments[0], PYTHON, strerror(errno));
    return errno == ENOENT ? 127 : 126;
}

/*
 * The `bin/python` of an environment whose programs open libraries by plain name. It extends the
 * library path and becomes the interpreter. The loader reads the variable once, when the
 * interpreter starts. Then the start-up module (_wheelhouse_libraries.py) restores it, so that
 * child processes don't inherit it.
 *
 * Set when this is compiled: PYTHON, the path of the interpreter, and DIRECTORIES, those of the
 * libraries, separated by colons; none are "". With DRIVER_FOLDERS, the libraries of the host's GPU
 * driver come after those (driver.c).
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_VARIABLE "LD_LIBRARY_PATH"
/* The library path of the calling process, for the start-up module to restore; empty for none. */
#define SAVED_VARIABLE "WHEELHOUSE_SAVED_LD_LIBRARY_PATH"

/*
 * Whether the options turn the module `site` off (-S). Then the start-up module can't restore the
 * variable, so it is not extended; no package can be imported, so no library is needed.
 */
static int site_is_disabled(int count, char **arguments)
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

#ifdef DRIVER_FOLDERS
int find_driver(char folder[PATH_MAX]);
#else
static int find_driver(char folder[PATH_MAX])
{
    (void)folder;
    return 0;
}
#endif

/*
 * Put DIRECTORIES and the driver's folder before the library path, and save that. Returns 0, or -1
 * with errno set.
 */
static int extend_library_path(void)
{
    char driver[PATH_MAX];
    const char *saved = getenv(PATH_VARIABLE);
    const char *parts[] = {DIRECTORIES, find_driver(driver) ? driver : "", saved ? saved : ""};
    char *extended, *end;

    extended = malloc(strlen(parts[0]) + strlen(parts[1]) + strlen(parts[2]) + 3);
    if (extended == NULL || setenv(SAVED_VARIABLE, parts[2], 1) != 0)
        return -1;
    end = extended;
    *end = '\0';
    for (int index = 0; index < 3; index++) {
        /* An empty part would be the working folder. */
        if (*parts[index] == '\0')
            continue;
        if (end != extended)
            end = stpcpy(end, ":");
        end = stpcpy(end, parts[index]);
    }
    return *extended == '\0' ? 0 : setenv(PATH_VARIABLE, extended, 1);
}

int main(int count, char **arguments)
{
    if (site_is_disabled(count, arguments) || extend_library_path() == 0)
        execv(PYTHON, arguments);
    fprintf(stderr, "%s: can't start %s: %s\n", arguments[0], PYTHON, strerror(errno));
    return errno == ENOENT ? 127 : 126;
}

/*
 * Find the folder of links to the libraries of the host's GPU driver, for interpreter.c. The links
 * are made by the start-up module (wheelhouse_driver.py), once for each driver; here is only what
 * every start needs: is there a driver, and are its links known.
 *
 * Set when this is compiled: DRIVER_FOLDERS, where a driver is looked for, separated by colons.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <gnu/libc-version.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Replaces DRIVER_FOLDERS and the loader's cache. */
#define FOLDERS_VARIABLE "WHEELHOUSE_DRIVER_FOLDERS"
/* What was found, for the start-up module: a state, the library, and the folder or a reason. */
#define FOUND_VARIABLE "WHEELHOUSE_DRIVER"
#define LIBRARY "libcuda.so.1"
/* In the folder of links: as new as the host's folder was when its libraries were looked at. */
#define MARK ".known"
#ifndef LOADER_CACHE
#define LOADER_CACHE "/etc/ld.so.cache"
#endif

/* The start of an ELF file: magic number, class and byte order; further on the machine. */
#define KIND_SIZE 6
#define MACHINE_OFFSET 18
#define HEADER_SIZE 20

static int read_header(const char *path, unsigned char header[HEADER_SIZE])
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size;

    if (file < 0)
        return -1;
    size = read(file, header, HEADER_SIZE);
    close(file);
    return size == HEADER_SIZE ? 0 : -1;
}

/* Whether a file is for the machine that this program is for: some folders have i686 libraries. */
static int is_for_this_machine(const char *path)
{
    unsigned char own[HEADER_SIZE], other[HEADER_SIZE];

    return read_header(path, other) == 0 && read_header("/proc/self/exe", own) == 0
        && memcmp(own, other, KIND_SIZE) == 0
        && memcmp(own + MACHINE_OFFSET, other + MACHINE_OFFSET, 2) == 0;
}

/* Write the path of the library in a folder, whose name may go on; 1 if it is there. */
static int look_in(const char *folder, size_t length, char library[PATH_MAX])
{
    if (*folder != '/' || length + sizeof "/" LIBRARY > PATH_MAX)
        return 0;
    snprintf(library, PATH_MAX, "%.*s/%s", (int)length, folder, LIBRARY);
    return is_for_this_machine(library);
}

static int look_in_folders(const char *folders, char library[PATH_MAX])
{
    for (;;) {
        size_t length = strcspn(folders, ":");

        if (look_in(folders, length, library))
            return 1;
        if (folders[length] == '\0')
            return 0;
        folders += length + 1;
    }
}

/* Look in the folders of the loader's cache, which has the full paths of libraries as strings. */
static int look_in_loader_cache(char library[PATH_MAX])
{
    static const char end[] = "/" LIBRARY;
    int file = open(LOADER_CACHE, O_RDONLY | O_CLOEXEC);
    int found = 0;
    struct stat status;
    const char *text;

    if (file < 0)
        return 0;
    if (fstat(file, &status) == 0 && status.st_size > 0) {
        text = mmap(NULL, status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
        if (text != MAP_FAILED) {
            const char *from = text, *limit = text + status.st_size, *match;

            while (!found && (match = memmem(from, limit - from, end, sizeof end)) != NULL) {
                const char *path = match;

                while (path > text && path[-1] != '\0')
                    path--;
                found = look_in(path, match - path, library);
                from = match + sizeof end;
            }
            munmap((void *)text, status.st_size);
        }
    }
    close(file);
    return found;
}

/* The name of the links' folder: a hash (FNV-1a) of what tells one driver from another. */
static uint64_t driver_key(const char *library, const struct stat *status)
{
    char real[PATH_MAX], text[PATH_MAX + 128];
    uint64_t hash = 0xcbf29ce484222325u;

    if (realpath(library, real) == NULL)
        return 0;
    snprintf(text, sizeof text, "1 %s %lld %lld.%09ld %s", real, (long long)status->st_size,
             (long long)status->st_mtim.tv_sec, status->st_mtim.tv_nsec, gnu_get_libc_version());
    for (const char *letter = text; *letter != '\0'; letter++)
        hash = (hash ^ (unsigned char)*letter) * 0x100000001b3u;
    return hash;
}

/* Write the folder of links into the user's cache folder. Returns 0, or -1 if there is none. */
static int links_folder(uint64_t key, char folder[PATH_MAX])
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    int length;

    if (cache != NULL && *cache == '/')
        length = snprintf(folder, PATH_MAX, "%s/wheelhouse/driver/%016llx", cache,
                          (unsigned long long)key);
    else if (home != NULL && *home == '/')
        length = snprintf(folder, PATH_MAX, "%s/.cache/wheelhouse/driver/%016llx", home,
                          (unsigned long long)key);
    else
        return -1;
    /* Room for the mark. */
    return length < PATH_MAX - 16 ? 0 : -1;
}

/* Whether the links of a driver were made since the folder of its library changed. */
static int is_known(const char *folder, const char *library)
{
    char path[PATH_MAX];
    struct stat mark, host;

    snprintf(path, sizeof path, "%s/%s", folder, MARK);
    if (stat(path, &mark) != 0)
        return 0;
    snprintf(path, sizeof path, "%.*s", (int)(strlen(library) - sizeof LIBRARY + 1), library);
    return stat(path, &host) == 0
        && (mark.st_mtim.tv_sec != host.st_mtim.tv_sec
                ? mark.st_mtim.tv_sec > host.st_mtim.tv_sec
                : mark.st_mtim.tv_nsec >= host.st_mtim.tv_nsec);
}

/* Make a folder that is to be written to, and those above it. Returns 0, or -1 with errno set. */
static int make_folder(char folder[PATH_MAX])
{
    for (char *slash = folder + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        mkdir(folder, 0700);
        *slash = '/';
    }
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return -1;
    return access(folder, W_OK | X_OK);
}

static void tell(const char *state, const char *library, const char *rest)
{
    char text[3 * PATH_MAX];

    snprintf(text, sizeof text, "%s\n%s\n%s", state, library, rest);
    setenv(FOUND_VARIABLE, text, 1);
}

/*
 * Write the folder of links to the driver's libraries, and tell the start-up module what was found.
 * Returns 1, or 0 if there is no driver, or no place for the links. A folder of links that aren't
 * known yet exists, since the loader forgets a folder that doesn't.
 */
int find_driver(char folder[PATH_MAX])
{
    const char *folders = getenv(FOLDERS_VARIABLE);
    char library[PATH_MAX], reason[2 * PATH_MAX];
    struct stat status;
    int found;

    if (folders != NULL)
        found = look_in_folders(folders, library);
    else
        found = look_in_folders(DRIVER_FOLDERS, library) || look_in_loader_cache(library);
    if (!found || stat(library, &status) != 0) {
        tell("none", "", "");
        return 0;
    }
    if (links_folder(driver_key(library, &status), folder) != 0) {
        tell("unusable", library, "neither XDG_CACHE_HOME nor HOME is an absolute path");
        return 0;
    }
    if (strpbrk(folder, ":;$") != NULL) {
        snprintf(reason, sizeof reason, "a library path can't have %s, with one of :;$", folder);
        tell("unusable", library, reason);
        return 0;
    }
    if (is_known(folder, library)) {
        tell("known", library, folder);
        return 1;
    }
    if (make_folder(folder) != 0) {
        snprintf(reason, sizeof reason, "can't write to %s: %s", folder, strerror(errno));
        tell("unusable", library, reason);
        return 0;
    }
    tell("new", library, folder);
    return 1;
}

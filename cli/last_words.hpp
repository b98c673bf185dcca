#pragma once

#include <csignal>
#include <string>
#include <vector>

namespace genspool::cli {

/// What is written to standard error when SIGINT, SIGTERM or SIGHUP ends the program while this
/// lives: what a person needs who stops it just then. One at a time; the main thread only.
class LastWords {
public:
    explicit LastWords(std::string words);
    ~LastWords();
    LastWords(const LastWords&) = delete;
    LastWords& operator=(const LastWords&) = delete;

private:
    struct Before {
        int signal;
        struct sigaction action;
    };

    std::string words_;
    std::vector<Before> before_;
};

}  // namespace genspool::cli

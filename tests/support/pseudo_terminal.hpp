#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace genspool::tests {

/// A program on a terminal of its own, at which this test sits. Ended with kill -9 when its owner
/// goes.
class PseudoTerminal {
public:
    /// `command`: path and arguments; `environment`: NAME=VALUE, beside and above our own. Throws
    /// std::system_error if it cannot be started.
    PseudoTerminal(std::vector<std::string> command, std::vector<std::string> environment,
                   unsigned short columns, unsigned short rows);
    ~PseudoTerminal();
    PseudoTerminal(const PseudoTerminal&) = delete;
    PseudoTerminal& operator=(const PseudoTerminal&) = delete;

    /// Reads on until `text` has been shown since the last call, and returns all that was. Throws
    /// std::runtime_error where it does not come in two minutes, or the program has ended before.
    std::string read_until(const std::string& text);
    /// Reads to the end of the program.
    std::string read_rest();

    void type(const std::string& keys) const;
    void resize(unsigned short columns, unsigned short rows) const;
    void signal(int number) const;
    /// Waits until it has stopped, as by SIGSTOP.
    void await_stop() const;
    /// Whether what is typed is shown and taken by lines, as a shell finds it.
    bool is_plain() const;

    /// Its exit code, or minus the signal that ended it.
    int wait();

private:
    bool read_some();

    pid_t pid_ = 0;
    int master_ = -1;
    std::string shown_;
    std::optional<int> ended_;
};

}  // namespace genspool::tests

#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace genspool::bench {

/// A program being measured. Killed, if it still runs, when this ends.
class Child {
public:
    /// Starts `words[0]`; what it prints goes to `log`, a file. Throws if it cannot be started.
    Child(const std::vector<std::string>& words, const std::string& log);
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// Asks it to end (SIGTERM) and waits for that. Throws if it ends with anything but 0.
    void stop();
    /// Throws if it has ended.
    void must_live();

    /// User and system time so far, in seconds.
    double cpu_seconds() const;
    /// Resident memory now, in megabytes of 10^6 bytes.
    double resident_megabytes() const;
    double peak_megabytes() const;

private:
    double status_megabytes(const std::string& key) const;

    std::string name_;
    std::string log_;
    pid_t pid_ = 0;  ///< 0: it has ended
};

}  // namespace genspool::bench

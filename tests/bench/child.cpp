#include "tests/bench/child.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>

namespace genspool::bench {

Child::Child(const std::vector<std::string>& words, const std::string& log)
    : name_(words.at(0)), log_(log) {
    std::vector<char*> arguments;
    for (const std::string& word : words)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    const int error =
        ::posix_spawn(&pid_, name_.c_str(), &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) throw std::system_error(error, std::generic_category(), name_);
}

Child::~Child() {
    if (pid_ == 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

void Child::stop() {
    int status = 0;
    ::kill(pid_, SIGTERM);
    if (::waitpid(pid_, &status, 0) != pid_) throw std::runtime_error(name_ + " cannot be awaited");
    pid_ = 0;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        throw std::runtime_error(name_ + " did not end well, see " + log_);
}

void Child::must_live() {
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == 0) return;
    pid_ = 0;
    throw std::runtime_error(name_ + " has ended, see " + log_);
}

double Child::cpu_seconds() const {
    std::ifstream in("/proc/" + std::to_string(pid_) + "/stat");
    std::string line;
    std::getline(in, line);
    // The name, in brackets, may hold anything; what counts stands behind it.
    std::istringstream words(line.substr(line.rfind(')') + 2));
    std::string skipped;
    for (int field = 3; field < 14; ++field)
        words >> skipped;
    double user = 0;
    double system = 0;
    words >> user >> system;
    return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double Child::resident_megabytes() const {
    return status_megabytes("VmRSS:");
}

double Child::peak_megabytes() const {
    return status_megabytes("VmHWM:");
}

double Child::status_megabytes(const std::string& key) const {
    std::ifstream in("/proc/" + std::to_string(pid_) + "/status");
    std::string word;
    while (in >> word) {
        double kibibytes = 0;
        if (word == key && in >> kibibytes) return kibibytes * 1024 / 1e6;
    }
    return 0;
}

}  // namespace genspool::bench

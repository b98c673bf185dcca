#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/programs/api.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace genspool::tests {

struct DaemonSettings {
    std::string upstream;                                     ///< host of the account "main"
    std::string provider = "minimax";                         ///< of that account
    std::string key = "sk-of-this-test";                      ///< told by the environment
    std::string account = "rpm = 0\nslots = 100\n";           ///< more lines of the account
    std::string poll = R"({ min = "20ms", max = "200ms" })";  ///< of the account
    /// More tables. Those that a quick test wants are given already: [inbox], [fetch], [retry] and
    /// [disk].
    std::string tables;
    std::string disk_reserve = "0";
    std::string state_dir;  ///< empty: in the test's directory
    /// Not empty: its disk is that of tests/broken_disk, and this is what goes wrong ("none": all
    /// calls are counted only).
    std::string disk_fault{};
};

/// genspoold in a directory of its own, to be started, killed and started again. What its last life
/// leaves is verified.
class DaemonProgram {
public:
    DaemonProgram(const TemporaryDirectory& directory, DaemonSettings settings);
    ~DaemonProgram();
    DaemonProgram(const DaemonProgram&) = delete;
    DaemonProgram& operator=(const DaemonProgram&) = delete;

    /// Returns true when it answers; false if it ended before, which only a kill point or a broken
    /// disk may do.
    /// `kill_at` is the GENSPOOL_KILL_AT of this life.
    bool start(const std::string& kill_at = {});

    /// Nothing runs: `genspool verify` finds the state directory sound, or the test fails.
    void check_state() const;
    /// The case itself has damaged what is left.
    void leave_unchecked() { started_ = false; }

    /// kill -9, and waits for the end.
    void kill();
    /// SIGTERM; its exit code.
    int stop();

    Process& process() { return *process_; }
    Api api() const { return Api::on_socket(socket_); }
    const std::string& socket() const { return socket_; }
    const std::string& config() const { return config_; }
    /// A place in its state directory, as "inbox/x.jsonl".
    std::string state(const std::string& path) const { return settings_.state_dir + "/" + path; }
    /// All that it has logged in all its lives.
    std::string log() const;
    /// What the broken disk has told of its last life: "struck CALL PATH", "calls AREA COUNT".
    std::vector<std::string> disk_told() const;

    /// The port that [http] listen has, as its last life has logged it.
    std::string http_port() const;

    /// Hands a file to the inbox by renaming it in.
    void drop(const std::string& name, const std::string& text) const;

    /// Jobs in that state, as GET /v1/stats counts them.
    std::uint64_t count(const std::string& state) const;
    /// Nothing is left to do: every job has ended or is held. Throws if it does not answer.
    bool is_quiet() const;
    /// Waits until it is.
    void await_quiet() const;

private:
    std::string what_is_left() const;

    DaemonSettings settings_;
    std::string socket_;
    std::string config_;
    std::string log_;
    std::string disk_told_;
    std::unique_ptr<Process> process_;
    bool started_ = false;
};

}  // namespace genspool::tests

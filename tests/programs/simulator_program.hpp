#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/programs/api.hpp"
#include "tests/programs/upstream_logs.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace genspool::tests {

/// genspool-sim on a free port, with its logs in the test's directory.
class SimulatorProgram {
public:
    /// Returns when it listens. `arguments` beside those for port and logs.
    SimulatorProgram(const TemporaryDirectory& directory, std::vector<std::string> arguments);

    std::string url() const { return "http://127.0.0.1:" + port_; }
    Api api() const { return Api::on_port(port_); }

    /// Sets rates of faults, as in {"reset-taken": 0.1}.
    void set_faults(const std::string& rates) const;

    std::vector<Purchase> purchases() const { return read_purchases(truth_); }
    FaultCounts faults() const { return read_faults(faults_); }
    const std::string& cut_signal() const { return cut_signal_; }
    Process& process() { return *process_; }

private:
    std::string truth_;
    std::string faults_;
    std::string cut_signal_;
    std::string port_;
    std::unique_ptr<Process> process_;
};

}  // namespace genspool::tests

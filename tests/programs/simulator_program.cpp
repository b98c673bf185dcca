#include "tests/programs/simulator_program.hpp"

#include <fstream>
#include <stdexcept>

#include "tests/support/await.hpp"
#include "tests/support/places.hpp"

namespace genspool::tests {

SimulatorProgram::SimulatorProgram(const TemporaryDirectory& directory,
                                   std::vector<std::string> arguments)
    : truth_(directory.path("truth.jsonl")),
      faults_(directory.path("faults.jsonl")),
      cut_signal_(directory.path("cuts.jsonl")) {
    const std::string port_file = directory.path("port");
    ProcessOptions options;
    options.command = {program("genspool-sim"), "--port-file", port_file, "--truth", truth_,
                       "--fault-log",           faults_};
    options.command.insert(options.command.end(), arguments.begin(), arguments.end());
    options.output = directory.path("simulator.log");
    process_ = std::make_unique<Process>(options);
    await("the simulator's port", [&] {
        if (!process_->running()) throw std::runtime_error("the simulator has ended");
        std::ifstream(port_file) >> port_;
        return !port_.empty();
    });
}

void SimulatorProgram::set_faults(const std::string& rates) const {
    const ApiAnswer answer = api().post("/sim/faults", rates);
    if (answer.status != 200) throw std::runtime_error("faults refused: " + answer.text);
}

}  // namespace genspool::tests

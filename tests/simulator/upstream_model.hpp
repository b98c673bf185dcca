#pragma once

#include <memory>

#include "tests/simulator/exchange.hpp"
#include "tests/simulator/options.hpp"
#include "tests/simulator/records.hpp"

namespace genspool::simulator {

struct World;

/// The MiniMax platform API without a network: a request and the time go in, a reply and what
/// becomes of it come out. All effects (tasks, files, records) have happened when handle() returns;
/// only the waiting and the sending are left to the caller. The same seed, requests and times give
/// the same replies. One thread at a time; never throws for anything a client may send.
class UpstreamModel {
public:
    /// The recorder must outlive the model.
    UpstreamModel(ModelOptions options, Recorder& recorder);
    ~UpstreamModel();

    ModelReply handle(const ModelRequest& request, Instant now);

private:
    std::unique_ptr<World> world_;
};

}  // namespace genspool::simulator

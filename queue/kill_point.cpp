#include "queue/kill_point.hpp"

#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <string>

namespace genspool::queue {
namespace {

struct Wish {
    std::string name;
    std::atomic<long> passes{1};

    Wish() {
        const char* text = std::getenv("GENSPOOL_KILL_AT");  // NOLINT(concurrency-mt-unsafe)
        if (text == nullptr) return;
        name = text;
        const auto colon = name.rfind(':');
        if (colon == std::string::npos) return;
        long count = 1;
        std::from_chars(name.data() + colon + 1, name.data() + name.size(), count);
        passes = count;
        name.resize(colon);
    }
};

}  // namespace

void kill_point(std::string_view name) {
    static Wish wish;
    if (wish.name.empty() || wish.name != name) return;
    if (--wish.passes == 0) std::raise(SIGKILL);
}

}  // namespace genspool::queue

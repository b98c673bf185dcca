#include "tests/storm/database.hpp"

#include <stdexcept>

#include "queue/keys.hpp"
#include "queue/rocksdb_store.hpp"
#include "queue/rows.hpp"
#include "queue/verify.hpp"

namespace genspool::tests {
namespace {

namespace keys = queue::keys;

queue::StoreOptions read_only(const std::string& database) {
    queue::StoreOptions options;
    options.path = database;
    options.read_only = true;
    return options;
}

}  // namespace

std::uint64_t jobs_on_disk(const std::string& database, proto::State state) {
    const queue::Store store(read_only(database));
    const std::string first = keys::state(state, proto::JobSeq{0});
    std::uint64_t jobs = 0;
    store.scan(first, keys::prefix_end(first.substr(0, 2)),
               [&](std::string_view, std::string_view) {
                   ++jobs;
                   return true;
               });
    return jobs;
}

std::vector<queue::EventRecord> events_on_disk(const std::string& database) {
    const queue::Store store(read_only(database));
    std::vector<queue::EventRecord> events;
    store.scan(keys::family_begin(keys::event_family), keys::family_end(keys::event_family),
               [&](std::string_view, std::string_view value) {
                   auto event = queue::decode<queue::EventRecord>(value);
                   if (!event) throw std::runtime_error("a corrupt event");
                   events.push_back(std::move(*event));
                   return true;
               });
    return events;
}

std::vector<std::string> broken_promises(const std::string& database) {
    const queue::Store store(read_only(database));
    return queue::verify(store).broken;
}

}  // namespace genspool::tests

#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include "queue/rocksdb_store.hpp"
#include "workers/local_descriptor.hpp"

namespace genspool::daemon {

/// Why a state directory cannot be looked into, in one sentence.
class NotIdle : public std::runtime_error {
public:
    enum class Why { missing, in_use, refused };

    NotIdle(Why why, const std::string& sentence) : std::runtime_error(sentence), why_(why) {}

    Why why() const { return why_; }

private:
    Why why_;
};

/// A state directory that no daemon works in, to be read: nothing in it is changed, and while this
/// lives no daemon starts there. One that was copied from elsewhere will do. Throws NotIdle; and
/// queue::StoreFailed if the database itself cannot be opened.
class IdleState {
public:
    explicit IdleState(const std::string& directory);

    const queue::Store& store() const { return *store_; }

private:
    workers::Descriptor lock_;
    std::unique_ptr<queue::Store> store_;
};

}  // namespace genspool::daemon

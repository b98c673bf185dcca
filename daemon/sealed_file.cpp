#include "daemon/sealed_file.hpp"

namespace genspool::daemon {

bool is_sealed_file(const SealedFile& sealed, const std::string& name, const FileIdentity& identity,
                    const std::function<std::string()>& hash) {
    // A copy is the same drop only under its old name; under another one it is meant.
    if (!identity.same_file(sealed.identity))
        return name == sealed.name && hash() == sealed.content_hash;
    const bool births_known = identity.born_ns != 0 && sealed.identity.born_ns != 0;
    if (births_known || name == sealed.name || identity == sealed.identity) return true;
    return hash() == sealed.content_hash;
}

}  // namespace genspool::daemon

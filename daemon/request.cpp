#include "daemon/request.hpp"

namespace genspool::daemon {

const std::string* Request::parameter(std::string_view name) const {
    for (auto each = query.rbegin(); each != query.rend(); ++each) {
        if (each->first == name) return &each->second;
    }
    return nullptr;
}

}  // namespace genspool::daemon

#include "proto/useapi/owned_fields.hpp"

#include <array>
#include <string>

namespace genspool::proto::useapi {
namespace {

struct OwnedField {
    std::string_view name;
    std::string_view instead;
};

constexpr std::array owned{
    OwnedField{"account", "the job's own account says where it is bought"},
    OwnedField{"maxJobs", "an account's slots in the configuration say how many run at once"},
    OwnedField{"async", "what is bought is always asked for later"},
    OwnedField{"replyUrl", "[callbacks] in the configuration asks for callbacks"},
    OwnedField{"replyRef", "labels and custom_id name a job"},
};

}  // namespace

void refuse_owned_fields(Checker& request) {
    for (const OwnedField& field : owned) {
        // Of two fields with one name the upstream takes the last, which would be the user's null.
        request.never_null(field.name);
        if (!request.has(field.name)) continue;
        request.refuse("owned_by_genspool", field.name,
                       request.path_of(field.name) +
                           " is set by genspool itself and cannot be given; " +
                           std::string(field.instead));
    }
}

}  // namespace genspool::proto::useapi

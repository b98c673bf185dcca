#pragma once

#include <string_view>

#include "proto/admission.hpp"
#include "proto/result.hpp"

namespace genspool::proto {

/// Who is to do a job: the provider that it names, or that of the account it names, or the default,
/// or the only one there is. Both names may be empty. The answer is never nullptr.
Result<const Provider*> choose_provider(std::string_view named, std::string_view account, Kind kind,
                                        const AdmissionContext& context);

/// Refuses a kind that no provider has an op for yet.
Result<void> check_kind_available(Kind kind, const Registry& registry);

}  // namespace genspool::proto

#pragma once

#include "proto/admission.hpp"
#include "proto/json_fields.hpp"

namespace genspool::proto {

/// Reads the members of a submitted job that do not depend on its provider into a spec: all but
/// `kind`, `request`, `provider`, `account`, `after` and `idempotency_key`. Refusals stay in
/// `fields`.
void read_job_fields(JsonFields& fields, const AdmissionContext& context, JobSpec& spec);
/// The labels, sorted by name; none where the member is absent.
std::vector<std::pair<std::string, std::string>> read_labels(JsonFields& fields);
/// The names in `after`, at most 100 of at most 256 characters; whose they are only the queue
/// knows.
std::vector<std::string> read_after(JsonFields& fields);

}  // namespace genspool::proto

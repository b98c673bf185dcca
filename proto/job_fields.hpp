#pragma once

#include "proto/admission.hpp"
#include "proto/json_fields.hpp"

namespace genspool::proto {

/// Reads the members of a submitted job that do not depend on its provider into a spec: all but
/// `kind`, `request`, `provider`, `account` and `idempotency_key`. Refusals stay in `fields`.
void read_job_fields(JsonFields& fields, const AdmissionContext& context, JobSpec& spec);

}  // namespace genspool::proto

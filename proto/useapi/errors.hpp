#pragma once

#include <cstdint>
#include <span>

#include "proto/failure.hpp"

namespace genspool::proto::useapi {

/// Whom a call is about: not every status means the same to all.
enum class Service : std::uint8_t {
    credits,  ///< videos and images, and what is free
    speech,
    music,
};

/// What an HTTP status means, in ascending order; and to one service only.
std::span<const ErrorRow> error_rows();
std::span<const ErrorRow> error_rows(Service service);

/// The row of an HTTP status, which here is the only code there is. Never fails: an unlisted 4xx
/// refuses, anything else that is not listed is ambiguous.
const ErrorRow& error_row(Service service, int status);

/// A host or path that useapi.net does not know, as told by a 404 that is no JSON. The
/// configuration is wrong, or the host lacks this one path; not the job.
const ErrorRow& wrong_address_row();

}  // namespace genspool::proto::useapi

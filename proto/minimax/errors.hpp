#pragma once

#include <cstdint>
#include <span>

#include "proto/failure.hpp"

namespace genspool::proto::minimax {

/// MiniMax's own codes (base_resp.status_code, or the number in parentheses that ends a message),
/// in ascending order. What is not listed is ambiguous on a create and asked again on a query.
std::span<const ErrorRow> error_rows();

/// What an HTTP status means where the body states no listed code, in ascending order.
std::span<const ErrorRow> http_rows();

/// nullptr: not listed.
const ErrorRow* find_error(std::int64_t code);

/// The row of an HTTP status. Never fails: what is not listed gets the ambiguous row.
const ErrorRow& http_row(int status);

/// A host or path that MiniMax does not know, as told by a 404 that is no JSON. The configuration
/// is wrong, or the host lacks this one path; not the job.
const ErrorRow& wrong_address_row();

}  // namespace genspool::proto::minimax

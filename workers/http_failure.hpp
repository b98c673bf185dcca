#pragma once

#include <string>
#include <utility>

#include "workers/http.hpp"

namespace genspool::workers {

/// Why a step of a call did not succeed, in one word and in one line; `none` if it did.
struct HttpFailure {
    HttpError error = HttpError::none;
    std::string text;

    HttpFailure() = default;
    HttpFailure(HttpError reason, std::string line) : error(reason), text(std::move(line)) {}

    explicit operator bool() const { return error != HttpError::none; }
};

}  // namespace genspool::workers

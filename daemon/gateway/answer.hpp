#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace genspool::daemon::gateway {

/// A piece of an answer: a text, or the bytes of a job's file, written out.
struct Part {
    enum class Form : std::uint8_t { text, hex, base64, bytes };

    Form form = Form::text;
    std::string text;  ///< or the file's name, as Artifact::name
};

/// What is answered to a client who has waited for a job's end. Its files are read while it is
/// sent, so that a long song is never in memory whole.
struct Answer {
    std::vector<Part> parts;
    int status = 200;
    /// It is what came of the job, and not only word of why there is nothing yet.
    bool final = true;

    Answer() = default;
    explicit Answer(std::string text) { add(std::move(text)); }

    void add(std::string text) { parts.push_back({Part::Form::text, std::move(text)}); }
    void add_file(Part::Form form, std::string name) { parts.push_back({form, std::move(name)}); }
};

}  // namespace genspool::daemon::gateway

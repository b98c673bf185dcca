#include "cli/submission.hpp"

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <random>

#include "cli/failure.hpp"
#include "proto/job.hpp"
#include "proto/money.hpp"
#include "proto/prompt_place.hpp"
#include "proto/references.hpp"
#include "proto/request_place.hpp"

namespace genspool::cli {

namespace json = boost::json;

namespace {

[[noreturn]] void misused(const std::string& line) {
    throw CommandFailed(Exit::usage, line);
}

/// Where `assignment` has its "="; the name must not be empty.
std::size_t equals_in(const std::string& assignment, const std::string& option) {
    const std::size_t at = assignment.find('=');
    if (at == std::string::npos || at == 0)
        misused(option + " wants NAME=VALUE, not \"" + assignment + "\"");
    return at;
}

json::value money(const std::string& text, const std::string& option) {
    if (!proto::parse_micros(text))
        misused(option + " wants an amount like 0.60, not \"" + text + "\"");
    return json::parse(text);
}

void put_text(json::object& job, std::string_view name, const std::string& value) {
    if (!value.empty()) job[json::string_view(name.data(), name.size())] = value;
}

void put_moment(json::object& job, std::string_view name, const std::string& value,
                const std::string& option, proto::Instant now) {
    if (!value.empty() && !proto::parse_moment(value, now))
        misused(option + " wants a moment like 2026-12-01T08:00:00Z or a span like +6h, not \"" +
                value + "\"");
    put_text(job, name, value);
}

void put_on_unknown(json::object& job, const std::string& word) {
    if (word.empty()) return;
    if (word == "hold" || word == "resubmit") {
        job["on_unknown"] = word;
        return;
    }
    if (!proto::parse_micros(word))
        misused("--on-unknown wants hold, resubmit, or the amount up to which to resubmit, not \"" +
                word + "\"");
    json::object up_to;
    up_to["resubmit_up_to"] = money(word, "--on-unknown");
    job["on_unknown"] = std::move(up_to);
}

void put_labels(json::object& job, const std::vector<std::string>& labels) {
    if (labels.empty()) return;
    json::object object;
    for (const std::string& label : labels) {
        const std::size_t equals = equals_in(label, "--label");
        object[label.substr(0, equals)] = label.substr(equals + 1);
    }
    job["labels"] = std::move(object);
}

/// Sets the value at a place: JSON where it is JSON, else text.
void set_at(json::object& request, const std::string& assignment, const std::string& option) {
    const std::size_t equals = equals_in(assignment, option);
    const std::string place = assignment.substr(0, equals);
    const auto trouble =
        proto::put_at(request, place, proto::parse_or_text(assignment.substr(equals + 1)));
    if (trouble) misused(option + " " + place + ": " + *trouble);
}

void put_reference(json::object& request, const std::string& field, std::string_view member,
                   const std::string& name) {
    json::object reference;
    put_text(reference, member, name);
    set_at(request, field + "=" + json::serialize(reference),
           member == proto::file_member ? "--file" : "--artifact");
}

}  // namespace

NamedArtifact parse_artifact(const std::string& text) {
    const std::size_t equals = equals_in(text, "--artifact");
    NamedArtifact artifact{text.substr(0, equals), text.substr(equals + 1)};
    const std::size_t slash = artifact.job.find('/');
    if (slash != std::string::npos) {
        artifact.n = artifact.job.substr(slash + 1);
        artifact.job.resize(slash);
    }
    const bool number = !artifact.n.empty() && artifact.n.size() <= 9 &&
                        artifact.n.find_first_not_of("0123456789") == std::string::npos;
    if (artifact.job.empty() || !number)
        misused("--artifact wants NAME=JOB or NAME=JOB/N, not \"" + text + "\"");
    return artifact;
}

json::object to_job(const Submission& submission, json::object request, proto::Instant now) {
    if (!proto::parse_kind(submission.kind))
        misused("\"" + submission.kind +
                "\" is no kind of job (video, video_template, tts, music, lyrics, image, agent, "
                "voice_clone, voice_design, chat, chat_batch)");
    if (!submission.model.empty()) request["model"] = submission.model;
    if (!submission.prompt.empty()) proto::put_prompt(request, submission.kind, submission.prompt);
    for (const std::string& assignment : submission.sets)
        set_at(request, assignment, "--set");
    for (const NamedArtifact& artifact : submission.artifacts)
        put_reference(request, artifact.field, "$artifact", artifact.job + "/" + artifact.n);
    for (const std::string& file : submission.files) {
        const std::size_t equals = equals_in(file, "--file");
        if (equals + 1 == file.size()) misused("--file " + file + " names no file");
        put_reference(request, file.substr(0, equals), proto::file_member, file.substr(equals + 1));
    }

    json::object job;
    job["kind"] = submission.kind;
    job["request"] = std::move(request);
    put_text(job, "custom_id", submission.custom_id);
    put_labels(job, submission.labels);
    if (submission.priority) job["priority"] = *submission.priority;
    put_text(job, "provider", submission.provider);
    put_text(job, "account", submission.account);
    put_moment(job, "not_before", submission.not_before, "--not-before", now);
    put_moment(job, "deadline", submission.deadline, "--deadline", now);
    if (submission.max_attempts) job["max_attempts"] = *submission.max_attempts;
    if (!submission.max_cost.empty()) job["max_cost"] = money(submission.max_cost, "--max-cost");
    put_on_unknown(job, submission.on_unknown);
    put_text(job, "output", submission.output);
    put_text(job, "webhook", submission.webhook);
    if (!submission.after.empty())
        job["after"] = json::array(submission.after.begin(), submission.after.end());
    return job;
}

json::object parse_request(const std::string& text, const std::string& name) {
    json::error_code error;
    json::value value = json::parse(text, error);
    if (error) misused("--request " + name + " is not JSON: " + error.message());
    if (!value.is_object()) misused("--request " + name + " must be a JSON object");
    return std::move(value.get_object());
}

std::string random_key() {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::random_device source;
    std::uniform_int_distribution<std::size_t> digit(0, digits.size() - 1);
    std::string key = "cli-";
    for (int i = 0; i < 32; ++i)
        key += digits[digit(source)];
    return key;
}

}  // namespace genspool::cli

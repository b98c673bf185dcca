#include "workers/input_files.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <stdexcept>
#include <utility>
#include <vector>

#include "proto/file_rule.hpp"
#include "proto/references.hpp"
#include "workers/base64.hpp"
#include "workers/blob_store.hpp"
#include "workers/on_cpu.hpp"
#include "workers/submit_outcome.hpp"
#include "workers/uploads.hpp"

namespace genspool::workers {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

/// Of those that lie in one request: more than any takes in practice, and all in memory at once.
constexpr std::uint64_t files_of_one_max = 64U << 20U;

/// A place in the request, and the file that goes there.
struct Filling {
    proto::FilePlace place;
    proto::Input input;
};

proto::Refusal unfit(std::string code, std::string message) {
    proto::Refusal refusal = local_trouble(std::move(code), std::move(message));
    refusal.failure.failure = proto::FailureClass::rejected;
    refusal.failure.retryable = false;
    return refusal;
}

std::string name_of(const proto::Input& input) {
    if (input.handed_in()) return proto::file_name_of(input.sha256);
    return "artifact " + std::to_string(input.n) + " of " + input.job.text();
}

std::string path_of(const proto::Input& input) {
    return input.handed_in() ? blob_path(input.sha256) : "artifacts/" + input.name;
}

/// As admission found them; each file is one that can stand there.
proto::Result<std::vector<Filling>> fillings_of(const proto::Codec& codec,
                                                const json::object& request,
                                                const proto::JobRecord& record) {
    auto references = proto::find_references(request);
    if (!references) return references.error();
    const auto checked = codec.check(request);
    if (!checked) return checked.error();
    auto places = proto::place_files(std::move(*references), checked->files);
    if (!places) return places.error();
    if (places->size() != record.inputs.size())
        throw std::logic_error("the record does not know the files of its request");
    std::vector<Filling> fillings;
    for (std::size_t n = 0; n < places->size(); ++n) {
        proto::FilePlace& place = (*places)[n];
        const proto::Input& input = record.inputs[n];
        const auto fits = proto::check_file(place, name_of(input), input.media_type, input.bytes);
        if (!fits) return fits.error();
        fillings.push_back({std::move(place), input});
    }
    return fillings;
}

/// Which files go where, or why they cannot.
struct Plan {
    json::object request;
    std::vector<Filling> fillings;
    std::optional<proto::Refusal> refusal;
};

Plan make_plan(Tools& tools, const proto::Codec& codec, const proto::JobSpec& spec,
               const proto::JobRecord& record) {
    const OnCpu busy(tools.on_cpu, record.seq);
    Plan plan;
    plan.request = std::move(json::parse(spec.request).as_object());
    auto fillings = fillings_of(codec, plan.request, record);
    if (fillings) {
        plan.fillings = std::move(*fillings);
    } else {
        plan.refusal = unfit(fillings.error().code, fillings.error().message);
    }
    std::uint64_t inside = 0;
    for (const Filling& filling : plan.fillings)
        if (!filling.place.rule.uploaded()) inside += filling.input.bytes;
    if (!plan.refusal && inside > files_of_one_max) {
        plan.refusal =
            unfit("input.size", "the files inside one request have " + std::to_string(inside) +
                                    " bytes together; at most " + std::to_string(files_of_one_max) +
                                    " are taken");
    }
    return plan;
}

struct InputBytes {
    std::string bytes;
    std::optional<proto::Refusal> refusal{};

    InputBytes() = default;
};

asio::awaitable<InputBytes> read_input(Tools& tools, const proto::Input& input) {
    const std::string path = path_of(input);
    const std::string what = name_of(input) + " (" + path + ")";
    FileBytes found = co_await tools.files.read_hashed(path, input.bytes);
    InputBytes read;
    if (found.error == std::errc::no_such_file_or_directory) {
        read.refusal =
            unfit("input.missing", what + " is not there any more" +
                                       (input.handed_in() ? "; hand it in again, then retry" : ""));
    } else if (found.error && found.error != std::errc::file_too_large) {
        read.refusal =
            local_trouble("input.unreadable", what + " cannot be read: " + found.error.message());
    } else if (found.error || found.sha256 != input.sha256) {
        read.refusal = unfit("input.changed", what + " is not the file any more that it was");
    }
    read.bytes = std::move(found.bytes);
    co_return read;
}

/// The file's bytes, if they are what the op takes there.
asio::awaitable<InputBytes> read_fitting(Tools& tools, const proto::JobRecord& record,
                                         const Filling& filling) {
    InputBytes read = co_await read_input(tools, filling.input);
    if (read.refusal || filling.place.rule.fault == nullptr) co_return read;
    const OnCpu busy(tools.on_cpu, record.seq);
    const std::string fault = filling.place.rule.fault(read.bytes);
    if (!fault.empty()) {
        read.refusal = unfit("input.content", filling.place.reference.path + ": " +
                                                  name_of(filling.input) + ": " + fault);
    }
    co_return read;
}

std::string encoded(const Filling& filling, const std::string& bytes) {
    std::string text;
    if (filling.place.rule.form == proto::FileRule::Form::data_uri)
        text = "data:" + filling.input.media_type + ";base64,";
    append_base64(text, bytes);
    return text;
}

/// What stands for a file in the request.
struct Standin {
    std::string text;
    std::optional<proto::Refusal> refusal{};

    Standin() = default;
};

asio::awaitable<Standin> stand_bytes(Tools& tools, const proto::JobRecord& record,
                                     const Filling& filling) {
    InputBytes read = co_await read_fitting(tools, record, filling);
    Standin standin;
    standin.refusal = std::move(read.refusal);
    if (standin.refusal) co_return standin;
    const OnCpu busy(tools.on_cpu, record.seq);
    standin.text = encoded(filling, read.bytes);
    co_return standin;
}

asio::awaitable<Standin> stand_upload(Tools& tools, const proto::Provider& provider,
                                      const proto::JobRecord& record, const Filling& filling) {
    const proto::Input& input = filling.input;
    const bool shared = filling.place.rule.shared;
    const queue::UploadName name{record.account, input.sha256,
                                 std::string(filling.place.rule.purpose)};
    Standin standin;
    std::optional<std::string> known;
    if (shared) known = co_await find_upload(tools, name);
    if (known) {
        standin.text = std::move(*known);
        co_return standin;
    }
    InputBytes read = co_await read_fitting(tools, record, filling);
    standin.refusal = std::move(read.refusal);
    if (standin.refusal) co_return standin;
    UploadEnd end = co_await upload_file(tools, provider, record.seq, name, shared, input,
                                         std::move(read.bytes));
    standin.text = std::move(end.handle);
    standin.refusal = std::move(end.refusal);
    co_return standin;
}

}  // namespace

std::uint64_t input_bytes(const proto::JobRecord& record) {
    std::uint64_t sum = 0;
    for (const proto::Input& input : record.inputs)
        sum += input.bytes;
    return sum;
}

asio::awaitable<FilledRequest> fill_request(Tools& tools, const proto::Provider& provider,
                                            const proto::Codec& codec, const proto::JobSpec& spec,
                                            const proto::JobRecord& record) {
    FilledRequest filled;
    Plan plan = make_plan(tools, codec, spec, record);
    filled.refusal = std::move(plan.refusal);
    std::vector<proto::FileText> texts;
    for (const Filling& filling : plan.fillings) {
        if (filled.refusal) co_return filled;
        const proto::FileRule& rule = filling.place.rule;
        Standin standin;
        if (rule.uploaded()) {
            standin = co_await stand_upload(tools, provider, record, filling);
        } else {
            standin = co_await stand_bytes(tools, record, filling);
        }
        filled.refusal = std::move(standin.refusal);
        const bool number = rule.form == proto::FileRule::Form::file_id;
        std::string text = std::move(standin.text);
        text.insert(0, rule.scheme);
        texts.push_back({std::move(text), number});
    }
    if (filled.refusal) co_return filled;
    const OnCpu busy(tools.on_cpu, record.seq);
    filled.request = proto::fill_references(std::move(plan.request), std::move(texts));
    co_return filled;
}

}  // namespace genspool::workers

// proto/batch_line, job_json and the codecs' checks: a line of a batch, or the body of a request.

#include <boost/json.hpp>
#include <string>

#include "proto/batch_line.hpp"
#include "proto/record.hpp"
#include "proto/references.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/registry.hpp"

namespace genspool::fuzz {
namespace {

const proto::AdmissionContext& context() {
    static const proto::PriceTable prices(registry());
    static const std::vector<proto::AccountName> accounts{{"main", "minimax", {}}};
    static const proto::AdmissionContext the_context{
        registry(), prices, "minimax", 3, accounts, proto::Instant{}, "uid:1000", true, true};
    return the_context;
}

/// Its files come into their places when it is prepared.
void judge_files(const proto::ParsedJob& job) {
    auto request = boost::json::parse(job.spec.request).as_object();
    const std::vector<proto::FileText> texts(job.inputs.size(), {"data:\"", false});
    const std::string filled = proto::fill_references(std::move(request), texts);
    const auto left = proto::find_references(boost::json::parse(filled).as_object());
    must(left.has_value() && left->empty(), "nothing is left of what stood for a file");
}

void judge(const proto::ParsedJob& job) {
    const std::string row = proto::encode(job.spec);
    const auto read = proto::decode_spec(row);
    must(read.has_value(), "an admitted job can be read back");
    must(proto::encode(*read) == row, "a job read back is the same");
    must(job.codec != nullptr, "an admitted job has an op");
    must(job.spec.priority <= 9, "a priority is 0 to 9");
    must(boost::json::parse(job.canonical).is_object(), "canonical JSON is JSON");
    if (!job.inputs.empty()) judge_files(job);
    const proto::Call call = job.codec->submit(job.spec);
    must(call.method == "POST" && call.target.starts_with("/"), "a paid call goes somewhere");
    must(call.reply_bytes_max > 0, "room is reserved for the reply");
}

}  // namespace

void fuzz_one(std::string_view input) {
    const auto job = proto::parse_line(input, context());
    if (job.has_value()) {
        judge(*job);
    } else {
        must(!job.error().code.empty(), "a refusal has a code");
        must(!job.error().message.empty(), "a refusal says why");
    }
}

}  // namespace genspool::fuzz

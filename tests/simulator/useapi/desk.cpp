#include "tests/simulator/useapi/desk.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <iterator>
#include <utility>

#include "tests/simulator/digest.hpp"
#include "tests/simulator/form.hpp"
#include "tests/simulator/till.hpp"
#include "tests/simulator/useapi/answers.hpp"
#include "tests/simulator/useapi/file_names.hpp"
#include "tests/simulator/useapi/house.hpp"
#include "tests/simulator/useapi/ids.hpp"

namespace genspool::simulator::useapi {
namespace {

namespace json = boost::json;

ModelReply turn_away(World& world, ModelReply refusal) {
    ++world.counters.refusals;
    return refusal;
}

/// The account of the first file that the body names; or empty.
std::string account_of_files(const json::object& body) {
    const auto files = files_named(body);
    const auto parts = files.empty() ? std::nullopt : read_id(files.front().id);
    return parts ? parts->account : std::string();
}

Chosen choose(World& world, const Offer& offer, const Visit& visit, const json::object& body) {
    std::string named(text_field(body, "account"));
    if (!offer.balanced || !named.empty()) return choose_account(world, visit, named);
    named = account_of_files(body);
    return named.empty() ? choose_free_account(world, visit) : choose_account(world, visit, named);
}

Problem check_common(const json::object& body) {
    return FieldCheck(body)
        .may_text("account", 64)
        .may_text("replyUrl", 1024)
        .may_text("replyRef", 1024)
        .may_whole("maxJobs", 1, 10)
        .problem();
}

/// The SHA-256 of what the request brings along or names.
std::vector<std::string> hashes_of(World& world, const Sale& sale) {
    std::vector<std::string> hashes;
    for (const NamedFile& file : files_named(sale.body)) {
        const auto known = world.useapi.files.find(file.id);
        if (known != world.useapi.files.end()) hashes.push_back(known->second.sha256);
    }
    if (!sale.call.request.content_type.starts_with("multipart/")) return hashes;
    for (const FormPart& part : read_form(sale.call.request.body)) {
        if (!part.file_name.empty()) hashes.push_back(sha256_hex(part.bytes));
    }
    return hashes;
}

/// Whether a job can end so; as a state it would be another one.
bool is_bad_end(int code) {
    constexpr int others[]{0, 1, 2, 11, 12};
    return std::ranges::find(others, code) == std::end(others);
}

Sale open_sale(World& world, const Offer& offer, const Call& call, json::object body) {
    const PaidRoute& route = offer.route;
    Sale sale{route, call, std::move(body), {}, sha256_hex(call.request.body), {}, {}, {}};
    sale.prompt = route.prompt(sale.body);
    auto read = read_markers(sale.prompt);
    sale.markers = std::move(read.markers);
    sale.problem = std::move(read.problem);
    const std::string_view ref = text_field(sale.body, "replyRef");
    if (!ref.empty()) sale.markers.ref = ref;
    if (sale.markers.refuse && !useapi_code(*sale.markers.refuse))
        sale.problem = "this is no code of useapi.net's";
    if (sale.markers.fail && !is_bad_end(*sale.markers.fail)) sale.problem = "this is no bad end";
    const bool form = call.request.content_type.starts_with("multipart/");
    if (offer.form_only && !form) sale.problem = "multipart/form-data is expected";
    if (sale.problem.empty()) sale.problem = check_common(sale.body).value_or("");
    if (sale.problem.empty()) sale.problem = route.check(sale.body).value_or("");
    sale.files = hashes_of(world, sale);
    return sale;
}

/// What a job ends with by itself; 0: well.
int choose_end(World& world, const Sale& sale, JobType type, const std::string& id) {
    const bool picture = type == JobType::video || type == JobType::image;
    if (sale.markers.fail || world.strikes(Fault::fail_task)) {
        note(world, sale, "fail-task", false, id);
        if (sale.markers.fail) return *sale.markers.fail;
        if (type == JobType::agent) return 504;
        return type == JobType::speech ? 500 : 3;
    }
    if (world.strikes(Fault::moderated)) {
        note(world, sale, "moderated", false, id);
        constexpr int ends[]{5, 7, 14};
        if (picture) return ends[world.dice.below(std::size(ends))];
        return type == JobType::music ? 4 : 422;
    }
    if (picture && world.strikes(Fault::gone)) {
        note(world, sale, "gone", false, id);
        return 404;
    }
    return 0;
}

/// Whether what the job makes is to be had only with its watermark.
bool stays_marked(World& world, const Sale& sale, const Job& job) {
    const bool marked = job.type == JobType::video || job.type == JobType::agent;
    if (!marked || job.fail != 0) return false;
    if (!sale.markers.watermarked && !world.strikes(Fault::watermarked)) return false;
    note(world, sale, "watermarked", false, job.id);
    return true;
}

std::string description(World& world, const Sale& sale, const std::string& id) {
    if (!sale.markers.rewrite && !world.strikes(Fault::rewritten)) return sale.prompt;
    note(world, sale, "rewritten", false, id);
    return "In loving detail: " + sale.prompt;
}

}  // namespace

ModelReply serve_offer(World& world, const Offer& offer, const Visit& visit) {
    auto body = read_body(visit.call.request);
    if (!body) return turn_away(world, answer_refusal(400, "the body cannot be read"));
    Chosen chosen = choose(world, offer, visit, *body);
    if (auto* const refusal = std::get_if<ModelReply>(&chosen))
        return turn_away(world, std::move(*refusal));
    const Call& call = visit.call;
    const Call addressed{call.request, call.url, std::get<std::string>(chosen), call.now};
    return sell(world, house, open_sale(world, offer, addressed, std::move(*body)));
}

Sold begin_sale(World& world, const Sale& sale) {
    Sold sold;
    sold.work = world.work_time(sale.markers);
    auto& credits = world.useapi.account(user_of(sale), sale.call.account, sale.call.now).credits;
    if (credits) *credits -= cost_of(sale);
    return sold;
}

Job& begin_job(World& world, const Sale& sale, JobType type, Sold& sold) {
    constexpr std::uint64_t first_number = 412'000'000'000'000'001;  // none survives a double
    Job job;
    job.type = type;
    job.number = first_number + 2 * world.next_number();
    job.user = user_of(sale);
    job.account = sale.call.account;
    job.id = make_id(job.user, job.account, to_string(type), job.number);
    job.slot = sale.route.slot;
    job.model = text_field(sale.body, "model");
    job.desc = description(world, sale, job.id);
    job.ref = text_field(sale.body, "replyRef");
    job.reply_url = text_field(sale.body, "replyUrl");
    job.created = sale.call.now;
    job.finishes = sale.call.now + sold.work;
    job.odd_words = sale.markers.unknown_state;
    job.fail = choose_end(world, sale, type, job.id);
    job.only_watermarked = stays_marked(world, sale, job);
    if (sold.task.empty()) {
        sold.task = job.id;
    } else {
        sold.others.push_back(job.id);
    }
    return world.useapi.add(std::move(job));
}

void make_file(World& world, const Sale& sale, Job& job, MediaKind kind, Sold& sold) {
    if (job.fail != 0) return;
    ShelfItem& item = produce(world, sale, kind);
    item.task = job.id;
    job.files.push_back(item.file_id);
    sold.artifacts.push_back(item.made);
    if (job.only_watermarked) return;
    ShelfItem& marked = kind == MediaKind::mp4 ? produce(world, sale, kind) : item;
    marked.task = job.id;
    job.watermarked.push_back(marked.file_id);
}

void judge(World& world, Sold& sold) {
    const Job* const first = world.useapi.find(sold.task);
    if (!sold.artifacts.empty()) return;
    sold.outcome = first->fail == 0 ? "failed:empty" : "failed:" + std::to_string(first->fail);
}

bool stays_nameless(World& world, const Sale& sale, const Sold& sold) {
    if (!sale.markers.no_id && !world.strikes(Fault::no_id)) return false;
    note(world, sale, "no-id", true, sold.task);
    return true;
}

ModelReply hand_over(World& world, const Sale& sale, const Sold& sold, const json::value& ids,
                     int status) {
    if (!stays_nameless(world, sale, sold)) return answer(ids, status);
    return answer(json::object{{"statusInfo", json::object{{"code", 0}, {"message", "ok"}}}},
                  status);
}

}  // namespace genspool::simulator::useapi

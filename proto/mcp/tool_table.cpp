#include <array>

#include "proto/mcp/tool.hpp"

namespace genspool::proto::mcp {
namespace {

constexpr std::string_view all_kinds =
    R"("enum": ["video", "video_template", "tts", "music", "lyrics", "image", "agent",
        "voice_clone", "voice_design", "chat", "chat_batch"])";

constexpr Argument job_id{"id", "string", "The job's id, or a unique beginning of it", {}, true};

constexpr std::array id_only{job_id};

constexpr std::array order{
    Argument{"kind", "string", "What is wanted; the tool kinds tells of each", all_kinds, true},
    Argument{"request", "object",
             "The provider's own request body: the tool kinds tells its fields. In place of a link "
             "{\"$artifact\": \"JOB/N\"} is file N of an earlier job"},
    Argument{"model", "string", "The model; the same as request.model"},
    Argument{"prompt", "string",
             "What it is to show, say or sound like; goes to its place in the request"},
    Argument{"max_cost", "number",
             "It may cost at most so much in all, in the provider's unit (USD or credits)"},
    Argument{"after", "array", "Ids of jobs that must succeed before it is bought",
             R"("items": {"type": "string"})"},
    Argument{"deadline", "string",
             "Not to be bought after this moment (RFC 3339), or span as in +6h"},
    Argument{"not_before", "string", "Not to be bought before this moment, or span"},
    Argument{"custom_id", "string", "Your own name for it"},
    Argument{"labels", "object", "Names with text values, to find it by",
             R"("additionalProperties": {"type": "string"})"},
    Argument{"priority", "integer", "0 last, 9 first, 5 by default",
             R"("minimum": 0, "maximum": 9)"},
    Argument{"provider", "string", "Whose API it is bought from; left out as a rule",
             R"("enum": ["minimax", "useapi"])"},
    Argument{"account", "string", "Buy it at this account only; left out as a rule"},
    Argument{"output", "string",
             "How its files are named on the daemon's machine, as in {custom_id}{ext}"},
    // The last: price has no use for it.
    Argument{"idempotency_key", "string",
             "Left out as a rule: then the order itself is the key, so the same order again gives "
             "the same job and buys nothing. To buy the same once more on purpose, say something "
             "new here, as in take-2, and say it again in repeats of that call"},
};

constexpr std::array wait_arguments{
    job_id,
    Argument{"seconds", "integer", "How long to wait at most; 25 by default",
             R"("minimum": 0, "maximum": 45)"},
};

constexpr std::array list_arguments{
    Argument{"state", "string", "Only jobs in this state",
             R"("enum": ["blocked", "queued", "preparing", "submitting", "unknown", "running",
                 "canceling", "fetching", "succeeded", "failed", "canceled", "held"])"},
    Argument{"kind", "string", "Only jobs of this kind", all_kinds},
    Argument{"label", "string", "Only jobs with this label, as in film=reel-3"},
    Argument{"batch", "string", "Only jobs of this batch"},
    Argument{"account", "string", "Only jobs of this account"},
    Argument{"limit", "integer", "At most so many; 20 by default",
             R"("minimum": 1, "maximum": 50)"},
    Argument{"cursor", "string", "What the page before gave as next"},
};

constexpr std::array kinds_arguments{
    Argument{"kind", "string",
             "Tell of this kind, with its fields and an example; left out: name them all",
             all_kinds},
};

constexpr std::array fetch_local{
    Argument{"directory", "string",
             "Save the files in this folder of the user's, which is made where it is not there; "
             "left out: only say where they are"},
};

constexpr std::array tools{
    Tool{.name = "kinds",
         .title = "What can be bought",
         .description = "Tells which kinds of media can be ordered and what their requests look "
                        "like, with an example. Free.",
         .arguments = kinds_arguments,
         .reads_only = true,
         .begin = kinds},
    Tool{.name = "price",
         .title = "Check and price an order",
         .description = "Checks an order and says what it would cost, or what is wrong with it. "
                        "Nothing is ordered or bought. Call it before submit.",
         .arguments = std::span(order).first<order.size() - 1>(),
         .reads_only = true,
         .begin = price},
    Tool{.name = "submit",
         .title = "Order one job",
         .description =
             "Hands in one paid job (a video, speech, music, a picture, …) and gives its id at "
             "once. From then on it is on disk, and is bought, watched and fetched by itself, also "
             "if you or the daemon stop. THIS SPENDS MONEY. The same order again gives the same "
             "job and buys nothing, so after a timeout repeat the call unchanged. Then call wait "
             "with the id.",
         .arguments = order,
         .shows_job = true,
         .begin = submit},
    Tool{.name = "wait",
         .title = "Wait for a job",
         .description = "Waits some seconds for a job to end, and says how it stands. If it is "
                        "still under way, call wait again with the same id; never submit it again.",
         .arguments = wait_arguments,
         .shows_job = true,
         .reads_only = true,
         .begin = wait},
    Tool{.name = "show",
         .title = "Look at a job",
         .description = "Everything about one job: its state, what was bought, its cost, its "
                        "files, its request.",
         .arguments = id_only,
         .shows_job = true,
         .reads_only = true,
         .begin = show},
    Tool{.name = "list",
         .title = "List jobs",
         .description = "Jobs, newest first. Look here for what was ordered before you order "
                        "anything again.",
         .arguments = list_arguments,
         .reads_only = true,
         .begin = list},
    Tool{.name = "explain",
         .title = "Why a job does not go yet",
         .description = "Names everything that holds a job that waits (slots, rates, budgets, "
                        "time, …), and when each can open.",
         .arguments = id_only,
         .reads_only = true,
         .begin = explain},
    Tool{.name = "cancel",
         .title = "Cancel a job",
         .description = "Calls a job off. What was bought already is not always given back; the "
                        "answer says what it has cost.",
         .arguments = id_only,
         .shows_job = true,
         .destroys = true,
         .begin = cancel},
    Tool{.name = "retry",
         .title = "Go on with a job that failed",
         .description =
             "Takes up a job that has failed or was canceled where it stands: what was bought is "
             "asked for and fetched again, and only what was not bought is bought (THIS MAY SPEND "
             "MONEY), at once, whatever its not_before said. What may have been bought already is "
             "not bought again.",
         .arguments = id_only,
         .shows_job = true,
         .repeats = false,
         .begin = retry},
    Tool{.name = "fetch",
         .title = "Get a job's files",
         .description = "Says where the files of a job are that has succeeded, as links that "
                        "resources/read takes, with type and size. Free, as often as you like.",
         .arguments = id_only,
         .local = fetch_local,
         .shows_job = true,
         .reads_only = true,
         .begin = fetch},
};

}  // namespace

std::span<const Tool> all_tools() {
    return tools;
}

}  // namespace genspool::proto::mcp

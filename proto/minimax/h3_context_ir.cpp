#include "proto/minimax/h3_context_ir.hpp"

#include <boost/json/serialize.hpp>

#include "proto/minimax/envelope.hpp"
#include "proto/minimax/v2_list.hpp"
#include "proto/minimax/v2_task.hpp"
#include "proto/minimax/video_v2_request.hpp"
#include "proto/upstream_request.hpp"
#include "proto/upstream_text.hpp"

namespace genspool::proto::minimax {
namespace {

namespace json = boost::json;

class H3ContextIr final : public V2Task {
public:
    const OpInfo& info() const override {
        static constexpr OpInfo op{.name = "minimax.h3_context_ir",
                                   .provider = "minimax",
                                   .kind = Kind::chat,
                                   .slot_class = "video_v2",
                                   .patience = std::chrono::minutes{20},
                                   .poll = PollSchedule{.first = std::chrono::seconds{5},
                                                        .min = std::chrono::seconds{5},
                                                        .max = std::chrono::seconds{30}},
                                   .poll_many_max = list_page_max,
                                   .takes_callback = true};
        return op;
    }

    Result<Checked> check(const json::object& request) const override {
        return check_h3_context_ir(request);
    }

    Call submit(const JobSpec& spec) const override {
        return paid_call("/v2/h3_context_ir", spec.request, std::chrono::seconds{60}, 1U << 20U);
    }

private:
    std::optional<TaskDone> finished(const Task&, const json::object& content) const override {
        const std::string prompt = text_or_number(content, "prompt");
        if (prompt.empty()) return std::nullopt;
        TaskDone done;
        done.result = json::serialize(json::object{{"prompt", prompt}});
        return done;
    }
};

}  // namespace

const Codec& h3_context_ir() {
    static const H3ContextIr codec;
    return codec;
}

}  // namespace genspool::proto::minimax

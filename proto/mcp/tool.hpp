#pragma once

#include <boost/json/object.hpp>
#include <span>
#include <string>
#include <string_view>

#include "proto/mcp/standing.hpp"
#include "proto/mcp/step.hpp"

namespace genspool::proto::mcp {

/// What a tool is called with; its arguments fit its schema.
struct ToolCall {
    boost::json::object arguments;
    Client client;
    boost::json::value progress_token;  ///< null: nobody wants to know
};

/// An argument of a tool: a property of its input schema.
struct Argument {
    std::string_view name;
    std::string_view type;
    std::string_view description;
    std::string_view bounds = {};  ///< further members of its schema, as JSON without braces
    bool required = false;
};

/// One thing that an agent can have done.
struct Tool {
    std::string_view name;
    std::string_view title;
    std::string_view description;
    std::span<const Argument> arguments;
    std::span<const Argument> local = {};  ///< further ones, for a client whose files are at hand
    bool shows_job = false;                ///< what it answers has "advice" and "job"
    bool reads_only = false;
    bool destroys = false;
    bool repeats = true;  ///< calling it again does nothing more
    Step (*begin)(const ToolCall& call) = nullptr;
};

/// All of them, in the order in which they are listed.
std::span<const Tool> all_tools();

/// What tools/list answers.
boost::json::object list_tools(const Client& client);

/// What tools/call does.
Step call_tool(const Message& message, const Client& client);

Step price(const ToolCall& call);
Step submit(const ToolCall& call);
Step wait(const ToolCall& call);
Step show(const ToolCall& call);
Step list(const ToolCall& call);
Step explain(const ToolCall& call);
Step cancel(const ToolCall& call);
Step retry(const ToolCall& call);
Step fetch(const ToolCall& call);
Step kinds(const ToolCall& call);

/// The end of a tool's call: an object, and the same as text.
Step told(boost::json::object content);
/// {"advice", "job"} of a job that the daemon has shown.
Step told_job(const boost::json::value& job, const std::string& before = {});
/// The end of one that did not work out.
Step refused(const std::string& why);

/// What is answered where the daemon shows the job; else what went wrong.
Step::Then tell_job(Purpose purpose);

/// The call of a job, or of what is below it.
ApiCall job_call(const ToolCall& call, const std::string& below = {});

}  // namespace genspool::proto::mcp

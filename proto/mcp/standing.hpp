#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>

#include "proto/mcp/step.hpp"

/// What an agent is told of a job, so that it does the right thing with money next.
namespace genspool::proto::mcp {

/// Whether waiting brings nothing more: it has ended, or a person is needed.
bool has_settled(const boost::json::value& job);

/// What was bought, and what to do now, in sentences.
std::string advice(const boost::json::value& job);

/// The job as the daemon shows it, without what is empty and without its request.
boost::json::object summary(const boost::json::value& job);

/// How an artifact is named among the resources.
std::string artifact_uri(const std::string& job, std::uint64_t n);

/// What a call was for, which decides what a failure of it may have cost.
enum class Purpose : std::uint8_t { look, order, price, act };

/// Why it did not work out, in sentences that say what was and was not bought.
std::string trouble(const ApiReply& reply, Purpose purpose);

}  // namespace genspool::proto::mcp

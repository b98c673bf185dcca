#pragma once

#include <boost/json/value.hpp>

#include "tests/simulator/sale.hpp"
#include "tests/simulator/useapi/visit.hpp"

namespace genspool::simulator::useapi {

/// Something that useapi.net sells.
struct Offer {
    PaidRoute route;
    bool balanced = false;   ///< goes to any account that is free, if it names none
    bool form_only = false;  ///< its body is a form
};

/// A paid call, from the account it goes to, to its reply.
ModelReply serve_offer(World& world, const Offer& offer, const Visit& visit);

// What the makers of goods have in common.

/// A purchase that is taken: from now on it costs.
Sold begin_sale(World& world, const Sale& sale);

/// One more task of the purchase, without files. It may be one that will fail.
Job& begin_job(World& world, const Sale& sale, JobType type, Sold& sold);

/// Makes a file of the job, if it will not fail; a video also with a watermark.
void make_file(World& world, const Sale& sale, Job& job, MediaKind kind, Sold& sold);

/// Says how the purchase ends, if all of its tasks fail.
void judge(World& world, Sold& sold);

/// The answer that names the tasks, unless it is to name none.
ModelReply hand_over(World& world, const Sale& sale, const Sold& sold,
                     const boost::json::value& ids, int status);

/// Whether the answer is to name no task, which is noted.
bool stays_nameless(World& world, const Sale& sale, const Sold& sold);

// The goods, a file for each.
Problem check_video(const boost::json::object& body);
Sold make_video(World& world, const Sale& sale);
Problem check_agent_video(const boost::json::object& body);
Sold make_agent_video(World& world, const Sale& sale);
Problem check_image(const boost::json::object& body);
Sold make_image(World& world, const Sale& sale);
Problem check_agent(const boost::json::object& body);
Sold make_agent(World& world, const Sale& sale);
Problem check_speech(const boost::json::object& body);
Sold make_speech(World& world, const Sale& sale);
Problem check_music(const boost::json::object& body);
Sold make_music(World& world, const Sale& sale);

}  // namespace genspool::simulator::useapi

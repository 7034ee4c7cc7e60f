// Which points run where, what becomes of those that fail, and what reaches rank 0.
#include "lindwurm/study/sweep.hpp"

#include <fmt/format.h>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <numeric>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/tasks/steady.hpp"

namespace data = boost::unit_test::data;
using lindwurm::PointOutcome;
using lindwurm::Results;
using lindwurm::Study;
using lindwurm::Sweep;

BOOST_AUTO_TEST_SUITE(sweeps)

static const MPI_Comm comm = lindwurm::Session::communicator();

static int rank() {
  int number = 0;
  MPI_Comm_rank(comm, &number);
  return number;
}

static int ranks() {
  int number = 0;
  MPI_Comm_size(comm, &number);
  return number;
}

// A model file that every rank can read while the object lives. Collective.
class ModelFile {
 public:
  explicit ModelFile(const std::string& text)
      : path_(std::filesystem::temp_directory_path() /
              fmt::format("lindwurm_sweep_{}_{}.toml", ranks(), getpid_of_first())) {
    if (rank() == 0) std::ofstream(path_) << text;
    MPI_Barrier(comm);
  }
  ~ModelFile() {
    MPI_Barrier(comm);
    if (rank() == 0) std::filesystem::remove(path_);
  }
  ModelFile(const ModelFile&) = delete;
  ModelFile& operator=(const ModelFile&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  static int getpid_of_first() {
    auto id = static_cast<int>(getpid());
    MPI_Bcast(&id, 1, MPI_INT, 0, comm);
    return id;
  }
  std::filesystem::path path_;
};

static const std::string spin = R"toml(
[parameters]
w = 1
gamma = 0.1
[sites]
s = { kind = "spin" }
[hamiltonian]
terms = ["w*sx(s)"]
[[dissipator]]
operator = "sm(s)"
rate = "gamma"
[observables]
z = "sz(s)"
[steady]
[sweep]
w = [0.1, 0.2, 0.3]
gamma = { from = 0.1, to = 0.4, points = 4 }
)toml";

static Sweep sweep_of(const ModelFile& file) { return lindwurm::read_sweep(file.path()).value(); }

static std::vector<std::size_t> all_points(const Sweep& sweep) {
  std::vector<std::size_t> points(sweep.points());
  std::iota(points.begin(), points.end(), 0);
  return points;
}

// What rank 0 has received, by point; every point once.
static std::map<std::size_t, PointOutcome> outcomes(
    const Sweep& sweep, int groups,
    const std::function<std::string(const Study&, const Results&)>& encode) {
  std::map<std::size_t, PointOutcome> found;
  const auto deliver = [&](const PointOutcome& outcome) {
    BOOST_TEST(rank() == 0);
    BOOST_TEST(found.emplace(outcome.point, outcome).second);
  };
  run_sweep(sweep, all_points(sweep), read_points(sweep, comm), groups, comm,
            {.encode = encode, .deliver = deliver});
  BOOST_TEST(found.size() == (rank() == 0 ? sweep.points() : 0));
  return found;
}

BOOST_AUTO_TEST_CASE(points_are_numbered_with_the_last_axis_fastest) {
  const ModelFile file(spin);
  const Sweep sweep = sweep_of(file);
  BOOST_TEST(sweep.points() == 12);
  BOOST_TEST(sweep.values(0) == (std::vector<double>{0.1, 0.1}), boost::test_tools::per_element());
  BOOST_TEST(sweep.values(7)[0] == 0.2);
  BOOST_TEST(sweep.values(7)[1] == 0.4);
  BOOST_TEST(sweep.label(8) == "w = 0.3, gamma = 0.1");
  BOOST_TEST(sweep.study(7).model().dissipators.size() == 1);
  const auto fixed = lindwurm::read_sweep(file.path(), {{"parameters.gamma", "0.2"}});
  BOOST_TEST(fixed.value().points() == 3);
  BOOST_TEST(!lindwurm::read_sweep(file.path(), {{"gamma", "0.2"}, {"w", "1"}}).has_value());
  BOOST_TEST(read_points(sweep) == std::vector<double>(12, 4.0), boost::test_tools::per_element());
}

// <sz> = -1/(1 + s) with s = 2 Omega^2/gamma^2, Omega = 2 w.
BOOST_DATA_TEST_CASE(every_point_arrives_once, data::xrange(1, 4), wanted) {
  const ModelFile file(spin);
  const Sweep sweep = sweep_of(file);
  const int groups = std::min(wanted, ranks());
  const auto found = outcomes(sweep, groups, [](const Study&, const Results& results) {
    return fmt::format("{} {}", results.ranks,
                       results.find<lindwurm::SteadyOutcome>()->steady.values[0].real());
  });
  for (const auto& [point, outcome] : found) {
    BOOST_TEST(outcome.is_computed);
    const std::size_t space = outcome.content.find(' ');
    const int of_group = std::stoi(outcome.content);
    BOOST_TEST((of_group == ranks() / groups || of_group == (ranks() + groups - 1) / groups));
    const auto values = sweep.values(point);
    const double s = 8 * values[0] * values[0] / (values[1] * values[1]);
    BOOST_TEST(std::abs(std::stod(outcome.content.substr(space)) + 1 / (1 + s)) < 1e-9);
  }
}

// One rank of the group alone fails, after what all do together.
BOOST_DATA_TEST_CASE(what_fails_is_told_of_its_point, data::xrange(1, 4), wanted) {
  const ModelFile file(spin);
  const Sweep sweep = sweep_of(file);
  const auto found =
      outcomes(sweep, std::min(wanted, ranks()), [](const Study& study, const Results&) {
        if (study.model().parameters.at("w").values[0].constant() != 0.2)
          return std::string("fine");
        throw lindwurm::Error("no such luck");
      });
  for (const auto& [point, outcome] : found) {
    const bool fails = sweep.values(point)[0] == 0.2;
    BOOST_TEST(outcome.is_computed == !fails);
    BOOST_TEST(outcome.content == (fails ? "no such luck" : "fine"));
  }
}

BOOST_AUTO_TEST_CASE(all_ranks_learn_of_the_first_point_that_cannot_be_read) {
  const ModelFile file(spin + "\n");
  Sweep sweep = sweep_of(file);
  sweep.axes[1].values = {0.1, -0.2, -0.3, 0.4};
  const auto is_first = [](const lindwurm::InputError& error) {
    return std::string(error.what()).starts_with("at w = 0.1, gamma = -0.2: ");
  };
  BOOST_CHECK_EXCEPTION((void)read_points(sweep, comm), lindwurm::InputError, is_first);
  BOOST_CHECK_EXCEPTION((void)read_points(sweep), lindwurm::InputError, is_first);
}

BOOST_AUTO_TEST_CASE(groups_follow_memory_and_points) {
  const ModelFile file(spin);
  const Sweep sweep = sweep_of(file);
  const auto unknowns = read_points(sweep);
  BOOST_TEST(groups_that_fit(sweep, unknowns, 8, 12, 0) == 8);
  BOOST_TEST(groups_that_fit(sweep, unknowns, 8, 3, 0) == 3);
  BOOST_TEST(groups_that_fit(sweep, unknowns, 8, 12, 1e12) == 8);
  const double one = predict_largest(sweep, unknowns, 1).prediction.total_bytes;
  BOOST_CHECK_THROW((void)groups_that_fit(sweep, unknowns, 1, 12, 0.9 * one), lindwurm::InputError);
}

BOOST_AUTO_TEST_SUITE_END()

// A task from outside the library: [linear_entropy], S = 1 - tr rho^2 of the steady state.
#include <fmt/format.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lindwurm/input/read_values.hpp"
#include "lindwurm/lindwurm.hpp"

using namespace lindwurm;

namespace {

// The table in the model file:
//
//     [linear_entropy]
//     normalised = true     # S D/(D - 1), which is 1 for the maximally mixed state
class LinearEntropyTask : public Task {
 public:
  bool is_normalised = false;
  LiouvillianSettings settings;

  [[nodiscard]] std::string_view name() const override { return "linear_entropy"; }
  void complete(Study& study) override { settings = study.liouvillian; }
  [[nodiscard]] std::unique_ptr<Outcome> run(Runner& runner) const override;
};

class LinearEntropyOutcome : public Outcome {
 public:
  double value = 0;
  double residual = 0;
  bool is_reliable = false;  // the steady state is unique and converged

  void judge(const Study& /*study*/, Verdict& verdict) const override {
    if (!is_reliable)
      verdict.problems.emplace_back("linear_entropy: there is no unique, converged steady state");
  }
  void describe(const Study& /*study*/, Document& results, Document& diagnostics) const override {
    results["linear_entropy"]["value"] = value;
    diagnostics["linear_entropy"]["residual"] = residual;
  }
};

std::unique_ptr<Outcome> LinearEntropyTask::run(Runner& runner) const {
  auto outcome = std::make_unique<LinearEntropyOutcome>();
  SteadyOptions options;
  options.preconditioner = settings.preconditioner;
  options.observe = {{"purity", StateFunction::purity}};
  const SteadyState steady =
      steady_state(runner.master_equation(), options, std::nullopt, settings);
  outcome->residual = steady.residual;
  outcome->is_reliable = steady.is_unique && steady.is_converged;
  if (steady.values.empty()) return outcome;
  const auto dimension = static_cast<double>(runner.study().model().space.dimension());
  outcome->value = 1 - steady.values[0].real();
  if (is_normalised) outcome->value *= dimension / (dimension - 1);
  return outcome;
}

void read_linear_entropy(const TomlValue& root, Study& study) {
  const auto table = table_to_run(root, "linear_entropy");
  if (!table) return;
  table->allow_only({"run", "normalised"});
  auto task = std::make_shared<LinearEntropyTask>();
  if (const auto key = table->find("normalised")) task->is_normalised = key->boolean();
  study.tasks.push_back(std::move(task));
}

std::string linear_entropy_summary(const Document& results, const Document& /*diagnostics*/) {
  if (!results.contains("linear_entropy")) return "";
  return fmt::format("linear entropy = {:.6f}\n", real_of(results["linear_entropy"]["value"]));
}

std::vector<TaskKind> kinds_with_linear_entropy() {
  std::vector<TaskKind> kinds = standard_tasks();
  kinds.push_back({{"linear_entropy"}, read_linear_entropy, linear_entropy_summary, {}});
  return kinds;
}

// A model file that every rank can read while the object lives. Collective.
class ModelFile {
 public:
  explicit ModelFile(const std::string& text) {
    auto id = static_cast<int>(getpid());
    MPI_Bcast(&id, 1, MPI_INT, 0, comm_);
    MPI_Comm_rank(comm_, &rank_);
    path_ = std::filesystem::temp_directory_path() / fmt::format("lindwurm_task_{}.toml", id);
    if (rank_ == 0) std::ofstream(path_) << text;
    MPI_Barrier(comm_);
  }
  ~ModelFile() {
    MPI_Barrier(comm_);
    if (rank_ == 0) std::filesystem::remove(path_);
  }
  ModelFile(const ModelFile&) = delete;
  ModelFile& operator=(const ModelFile&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  MPI_Comm comm_ = Session::communicator();
  int rank_ = 0;
  std::filesystem::path path_;
};

// A driven spin at zero detuning. With the Rabi frequency Omega and the decay rate gamma, its
// steady Bloch vector has the length^2
//   |r|^2 = gamma^2 (gamma^2 + 4 Omega^2)/(gamma^2 + 2 Omega^2)^2,
// and 1 - tr rho^2 = (1 - |r|^2)/2 = 2 Omega^4/(gamma^2 + 2 Omega^2)^2.
constexpr double rabi = 0.7;
constexpr double gamma_down = 0.3;

double linear_entropy() {
  const double denominator = gamma_down * gamma_down + 2 * rabi * rabi;
  return 2 * rabi * rabi * rabi * rabi / (denominator * denominator);
}

std::string driven_spin(const std::string& table) {
  return fmt::format(R"toml([sites]
s = {{ kind = "spin" }}
[hamiltonian]
terms = ["{}/2*sx(s)"]
[[dissipator]]
operator = "sm(s)"
rate = {}
[linear_entropy]
{}
)toml",
                     rabi, gamma_down, table);
}

Document result_of(const std::string& table) {
  const ModelFile file(driven_spin(table));
  const Study study = read_study(file.path(), {}, Reading::everything, kinds_with_linear_entropy());
  BOOST_TEST_REQUIRE(study.tasks.size() == 1U);
  BOOST_TEST(study.tasks[0]->name() == "linear_entropy");
  const Results results = run(study, Session::communicator());
  BOOST_TEST(results.exit_status(true) == 0);
  BOOST_TEST((results.find<LinearEntropyOutcome>() != nullptr));
  return to_document(study, results, true);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(task)

BOOST_AUTO_TEST_CASE(its_number_is_that_of_the_closed_form) {
  const Document document = result_of("");
  BOOST_TEST(document["linear_entropy"]["value"].get<double>() == linear_entropy(),
             boost::test_tools::tolerance(1e-10));
  BOOST_TEST(document["diagnostics"]["linear_entropy"]["residual"].get<double>() < 1e-10);
}

BOOST_AUTO_TEST_CASE(its_table_has_a_key) {
  const Document document = result_of("normalised = true");
  BOOST_TEST(document["linear_entropy"]["value"].get<double>() == 2 * linear_entropy(),
             boost::test_tools::tolerance(1e-10));
}

BOOST_AUTO_TEST_CASE(the_summary_shows_its_line) {
  const std::string text = summary(result_of(""), kinds_with_linear_entropy());
  const std::string line = fmt::format("linear entropy = {:.6f}\n", linear_entropy());
  BOOST_TEST(text.find(line) != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(its_table_can_be_switched_off) {
  const ModelFile file(driven_spin("run = false"));
  const Study study = read_study(file.path(), {}, Reading::everything, kinds_with_linear_entropy());
  BOOST_TEST(study.tasks.empty());
}

BOOST_AUTO_TEST_CASE(a_misspelt_key_is_refused_with_file_and_line) {
  const ModelFile file(driven_spin("normalized = true"));
  const auto names_the_place = [&](const InputError& error) {
    const std::string message = error.what();
    BOOST_TEST_INFO(message);
    return message.find(file.path().filename().string() + ":9:") != std::string::npos &&
           message.find("linear_entropy.normalized") != std::string::npos &&
           message.find("did you mean 'normalised'") != std::string::npos;
  };
  BOOST_CHECK_EXCEPTION(
      (void)read_study(file.path(), {}, Reading::everything, kinds_with_linear_entropy()),
      InputError, names_the_place);
}

BOOST_AUTO_TEST_CASE(the_standard_tasks_do_not_know_its_table) {
  const ModelFile file(driven_spin(""));
  BOOST_CHECK_THROW((void)read_study(file.path()), InputError);
}

BOOST_AUTO_TEST_SUITE_END()

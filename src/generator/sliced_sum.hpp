// A sum of products over outer and inner sites, prepared to act on slices.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "lindwurm/backend/log.hpp"
#include "lindwurm/backend/petsc.hpp"
#include "lindwurm/generator/matrix_free.hpp"
#include "lindwurm/operators/product_sum.hpp"
#include "slice_exchange.hpp"
#include "slice_kernels.hpp"
#include "term_groups.hpp"

namespace lindwurm {

// How a slice is read.
enum class Reading : std::uint32_t {
  straight,  // the slice leads a pair
  crossed,   // its mirror leads the pair
  single,    // the slice is its own mirror
};

// What is read. It takes 8 bytes, because each slice has some twenty of these.
struct Link {
  Link(int slot_read, int weight_number, Reading reading)
      : slot(slot_read),
        code(static_cast<std::uint32_t>(weight_number) * 4 + static_cast<std::uint32_t>(reading)) {}
  [[nodiscard]] int weight() const { return static_cast<int>(code / 4); }
  [[nodiscard]] Reading reading() const { return static_cast<Reading>(code % 4); }

  std::int32_t slot;  // a pair of slices: own ones first, then those of other ranks
  std::uint32_t code;
};

// What one group reads for one outer index.
struct Gather {
  enum class Manner : std::uint8_t {
    complex,    // for the identity, and for an outer index that is its own mirror
    real,       // for a pair of slices and bands: only the real parts of the weights
    imaginary,  // the same with only the imaginary parts
  };
  int group;
  int bands;    // -1: the identity, between slices with the same elements
  int in_kind;  // the kind of the slice that the bands read
  Manner manner;
  std::int64_t end;  // the end of its links
};

// A range of slots. Only these are read.
struct SlotRange {
  int first = 0;
  int last = std::numeric_limits<int>::max();
};

// A list of slices to be summed. Its memory is allocated once.
class ReadList {
 public:
  void make_room(std::size_t count) { slices_.resize(count); }
  void clear() { count_ = 0; }
  void add(const double* values, double weight) { slices_[count_++] = {values, weight}; }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] int size() const { return count_; }
  [[nodiscard]] const WeightedSlice* data() const { return slices_.data(); }
  [[nodiscard]] const WeightedSlice& front() const { return slices_.front(); }

 private:
  std::vector<WeightedSlice> slices_;
  int count_ = 0;
};

// sum_g A_g x B_g over outer and inner indices, restricted to the pairs of slices of one rank.
class SlicedSum {
 public:
  // Collective.
  SlicedSum(const std::vector<ProductTerm>& terms, std::shared_ptr<const PackedBasis> basis,
            MPI_Comm comm, Complex factor, OutOfSector out = OutOfSector::refused);

  // out = L in, on this rank's part of packed vectors. Collective.
  void apply(const double* in, double* out);
  // The sum whose packed matrix is the transposed one, made on first use. Collective.
  SlicedSum& transposed();
  void diagonal(double* out) const;

  // The pair of slices of an own leader in L in. Only contributions from a range of slots are
  // included, and those from the leader's own slot are not. It is one slice if the leader is its
  // own mirror.
  void apply_to(int leader, SlotRange range, const double* in, double* out);

  [[nodiscard]] const PackedBasis& basis() const { return basis_; }
  [[nodiscard]] MPI_Comm communicator() const { return comm_; }
  [[nodiscard]] int own_leaders() const { return own_; }
  // The length of this rank's part of a packed vector.
  [[nodiscard]] std::int64_t own_size() const { return own_size_; }
  // The kind of the leader's slice.
  [[nodiscard]] int kind_of(int leader) const { return places_[leader].kind; }
  // True for an outer index that is its own mirror. It then has one slice instead of two.
  [[nodiscard]] bool is_single(int leader) const { return places_[leader].is_single; }
  [[nodiscard]] int length_of(int leader) const { return places_[leader].length; }
  [[nodiscard]] PetscInt start_of(int leader) const { return places_[leader].start; }
  // For a kind of slice and each place in it: the place of the mirrored element in the mirror's
  // slice.
  [[nodiscard]] const std::vector<int>& permutation(int kind) const { return permutations_[kind]; }
  [[nodiscard]] const RealMatrix& inner_matrix(int group) const { return groups_[group].inner; }
  [[nodiscard]] std::span<const Gather> gathers(int leader) const {
    return {gathers_.data() + first_gather_[leader], gathers_.data() + first_gather_[leader + 1]};
  }
  [[nodiscard]] std::span<const Link> links(const Gather& gather) const {
    const auto first = &gather == gathers_.data() ? 0 : (&gather - 1)->end;
    return {links_.data() + first, links_.data() + gather.end};
  }
  [[nodiscard]] Complex weight(const Link& link) const { return weights_[link.weight()]; }

 private:
  SlicedSum(std::vector<TermGroup> groups, std::shared_ptr<const PackedBasis> basis, MPI_Comm comm,
            OutOfSector out);
  // The position and the kind of an own leader's slices.
  struct Place {
    PetscInt start;
    int length;
    int kind;
    bool is_single;
  };

  void find_permutations();
  void link();
  // A slice, not empty, that a row of outer factors reads.
  struct Read {
    PackedBasis::Slice slice;
    Complex weight;
  };
  void add_gathers(int group, const PackedBasis::Slice& to, std::vector<Read>& row,
                   SlotNumbers& slots);
  void add_gather(int group, const PackedBasis::Slice& to, std::span<const Read> row,
                  SlotNumbers& slots);
  int bands_of(int group, int out_kind, int in_kind);
  int weight_number(Complex weight);
  // Selects the links that are read now, and the data that they read.
  struct Reader {
    SlotRange range;
    int left_out;
    const double* in;

    [[nodiscard]] bool reads(const Link& link) const {
      return link.slot >= range.first && link.slot < range.last && link.slot != left_out;
    }
  };
  // Each of these sums what a gather reads. If that is nothing, it returns false or null and leaves
  // `to` unchanged.
  bool read_complex(const Gather& gather, const Reader& reader, bool is_single, double* to);
  const double* read_pairs(const Gather& gather, const Reader& reader, int rows, double* to);
  void clear_lists();
  void sum_lists(int kind, const ReadList& straight, const ReadList& crossed, double* to);
  // The start of the first place in room_. It has the same alignment as `in`, because loops run
  // through both at once.
  double* first_room(const double* in);
  void apply_gathers(int leader, const Reader& reader, double* out);
  void apply_to_single(int leader, const Reader& reader, double* out);
  void apply_to_pair(int leader, const Reader& reader, double* out);
  [[nodiscard]] const double* slice(int slot, const double* in) const {
    return slot < own_ ? in + exchange_->start_of(slot) : exchange_->received(slot);
  }
  [[nodiscard]] int length(int kind) const {
    return static_cast<int>(basis_.kinds()[kind].elements.size());
  }

  std::shared_ptr<const PackedBasis> shared_basis_;
  const PackedBasis& basis_;
  MPI_Comm comm_;
  OutOfSector out_;
  int own_ = 0;  // the number of this rank's leaders

  std::vector<TermGroup> groups_;
  std::vector<int> alike_;  // kind of slice -> first kind with the same elements
  std::vector<std::vector<int>> permutations_;
  std::vector<BandedMatrix> bands_;
  // group, kinds of the slices written and read -> number of the bands
  std::map<std::array<int, 3>, int> bands_known_;
  std::vector<Complex> weights_;
  std::map<std::pair<double, double>, int> weights_known_;
  std::vector<Gather> gathers_;
  std::vector<Link> links_;
  std::vector<std::int64_t> first_gather_;  // the first gather of each own leader
  std::vector<int> inland_;                 // leaders that need no data of other ranks
  std::vector<int> border_;
  std::unique_ptr<SliceExchange> exchange_;

  std::vector<Place> places_;  // one for each own leader

  PetscLogEvent multiplying_ = log_event("MatrixFreeMult");
  PetscLogEvent exchanging_ = log_event("SliceExchange");
  std::int64_t own_size_ = 0;  // the length of this rank's part of a packed vector

  // Places for pairs of slices: one for what is not multiplied, and one for each gather of a
  // leader. The distance between them is the reach of the bands.
  std::vector<double> room_;
  std::size_t apart_ = 0;
  int reach_ = 0;
  BandedPair pair_;
  std::vector<double> crossed_;  // a slice in the order of its mirror
  ReadList reads_u_, reads_v_, reads_crossed_u_, reads_crossed_v_;
  std::unique_ptr<SlicedSum> transposed_;
};

// The SlicedSum of a shell matrix that matrix_free() made.
[[nodiscard]] SlicedSum& sliced_sum(Mat shell);

}  // namespace lindwurm

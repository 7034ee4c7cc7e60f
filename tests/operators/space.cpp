// Sites and their tensor product.
#include "lindwurm/operators/space.hpp"

#include <boost/test/unit_test.hpp>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/model/model.hpp"

using lindwurm::InputError;
using lindwurm::SiteKind;
using lindwurm::Space;

BOOST_AUTO_TEST_SUITE(spaces)

BOOST_AUTO_TEST_CASE(sites_in_the_order_of_their_declaration) {
  const Space space{lindwurm::spins("s", 2), lindwurm::oscillator("m", 4),
                    lindwurm::oscillators("c", 1, 3), lindwurm::level_site("v", 5)};
  BOOST_TEST(space.sites() == 5);
  BOOST_TEST(space.dimension() == 2 * 2 * 4 * 3 * 5);
  BOOST_TEST(space.site_name(0) == "s[0]");
  BOOST_TEST(space.site_name(1) == "s[1]");
  BOOST_TEST(space.site_name(2) == "m");
  BOOST_TEST(space.site_name(3) == "c[0]");
  BOOST_TEST(space.site_name(4) == "v");
  BOOST_TEST(space.dimension(4) == 5);
  BOOST_TEST((space.group_of(4).kind == SiteKind::levels));
  BOOST_REQUIRE(space.find("c") != nullptr);
  BOOST_TEST(space.find("c")->first == 3);
  BOOST_TEST(space.find("x") == nullptr);
}

BOOST_AUTO_TEST_CASE(states_have_names) {
  const Space space{lindwurm::oscillator("m", 3), lindwurm::spins("s", 2)};
  BOOST_TEST(lindwurm::state_name(space, 0) == "m=0, s[0]=up, s[1]=up");
  BOOST_TEST(lindwurm::state_name(space, 4 * 2 + 2 * 1 + 0) == "m=2, s[0]=down, s[1]=up");
}

BOOST_AUTO_TEST_CASE(impossible_sites_are_refused) {
  BOOST_CHECK_THROW((Space{lindwurm::oscillator("m", 0)}), InputError);
  BOOST_CHECK_THROW((Space{lindwurm::oscillator("m", -3)}), InputError);
  BOOST_CHECK_THROW((Space{lindwurm::spins("s", 0)}), InputError);
  BOOST_CHECK_THROW((Space{lindwurm::spins("s", -1)}), InputError);
  BOOST_CHECK_THROW((Space{lindwurm::spin("s"), lindwurm::oscillator("s", 3)}), InputError);
}

BOOST_AUTO_TEST_CASE(a_space_without_sites_has_one_state) {
  BOOST_TEST(Space{}.sites() == 0);
  BOOST_TEST(Space{}.dimension() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

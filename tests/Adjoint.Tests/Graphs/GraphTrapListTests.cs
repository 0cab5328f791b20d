using System.Reflection;
using Adjoint.Tests.Compile;
using Adjoint.Tests.Modes;

namespace Adjoint.Tests.Graphs;

/// <summary>
/// The traps of other systems of capture, as their users report them, each with the test that asks for it here. A trap whose test is no
/// more fails.
/// </summary>
public class GraphTrapListTests
{
    private static readonly (string Trap, Type Tests, string Test)[] s_all =
    [
        ("JAX: constants of closures are baked in", typeof(GraphRefusalTests), nameof(GraphRefusalTests.Data_that_changes_is_refused)),
        ("JAX: numbers of closures are baked in", typeof(GraphRefusalTests),
            nameof(GraphRefusalTests.A_number_that_changes_between_two_calls_is_refused_and_the_way_out_works)),
        ("JAX: a·b − a·b is not 0 where a product is fused", typeof(GraphTrapTests),
            nameof(GraphTrapTests.A_product_minus_itself_is_zero_and_a_logarithm_of_an_exponential_overflows)),
        ("JAX: log(exp x) becomes x and hides an overflow", typeof(GraphTrapTests),
            nameof(GraphTrapTests.A_product_minus_itself_is_zero_and_a_logarithm_of_an_exponential_overflows)),
        ("torch modes: a mode comes back to itself without end", typeof(OpModeTests),
            nameof(OpModeTests.A_mode_is_off_for_its_own_work_and_on_again_after_it)),
        ("torch modes: what is not known counts as 0 silently", typeof(GraphReaderTests),
            nameof(GraphReaderTests.The_summary_counts_what_can_be_counted_by_hand)),
        ("torch modes: a mode that passes on is counted twice", typeof(GraphTrapTests),
            nameof(GraphTrapTests.A_mode_inside_of_what_is_captured_sees_each_operation_once_and_its_own_are_captured)),
        ("torch modes: a mode of the moment stays in what is compiled", typeof(CompiledNumberTests),
            nameof(CompiledNumberTests.Modes_of_the_caller)),
        ("OpInfo: variants in place hide in the row of another", typeof(GraphRunTests),
            nameof(GraphRunTests.An_operation_in_place_runs_again_with_the_same_bits)),
        ("torch.fx: what changes memory is left out as unused", typeof(GraphRunTests),
            nameof(GraphRunTests.An_operation_in_place_runs_again_with_the_same_bits)),
        ("torch.fx: draws are left out or put together", typeof(GraphTrainingTests), nameof(GraphTrainingTests.Draws_go_on_in_every_run)),
        ("torch.fx: no shapes", typeof(GraphReaderTests), nameof(GraphReaderTests.The_text_of_the_neuron_of_the_Quest)),
        ("torch.fx: no lines of code", typeof(GraphReaderTests), nameof(GraphReaderTests.Lines_are_there_on_request)),
        ("torch.fx: equal values are taken for one", typeof(GraphTrapTests), nameof(GraphTrapTests.Equal_values_are_not_taken_for_one)),
        ("AOTAutograd: an earlier result sees a later write", typeof(GraphTrapTests),
            nameof(GraphTrapTests.A_result_does_not_see_a_later_change)),
        ("AOTAutograd: arguments in one memory", typeof(GraphRefusalTests), nameof(GraphRefusalTests.Arguments_in_one_memory_are_refused)),
        ("AOTAutograd: a view of the wrong base or offset, strides lost", typeof(GraphTrapTests),
            nameof(GraphTrapTests.Strides_and_offsets_of_views_are_those_of_the_function)),
        ("AOTAutograd: writes to elements that lie in one place", typeof(GraphTrapTests),
            nameof(GraphTrapTests.A_write_to_elements_in_one_place_fails_in_a_capture_as_it_does_outside)),
        ("MLX: constants printed with too few digits", typeof(GraphTrapTests),
            nameof(GraphTrapTests.Numbers_are_written_with_all_their_digits)),
        ("MLX: draws freeze", typeof(GraphRunTests), nameof(GraphRunTests.A_draw_goes_on_from_its_generator_or_the_default_one)),
        ("MLX: many operations or arrays are too much", typeof(GraphTrapTests),
            nameof(GraphTrapTests.A_chain_of_a_thousand_operations_is_written_and_compiled)),
        ("tinygrad: results of two runs are one", typeof(GraphTrapTests), nameof(GraphTrapTests.Results_of_two_runs_are_two)),
        ("tinygrad: memory that is used again spoils gradients", typeof(CompiledTrapTests),
            nameof(CompiledTrapTests.Gradients_that_somebody_holds_stay_what_they_are)),
        ("tinygrad: draws repeat", typeof(CompiledTrapTests), nameof(CompiledTrapTests.Draws_go_on)),
        ("tinygrad: branches freeze", typeof(GraphRefusalTests), nameof(GraphRefusalTests.Another_way_through_the_function_is_refused)),
        ("tinygrad: other shapes or dtypes of arguments", typeof(GraphRefusalTests),
            nameof(GraphRefusalTests.Arguments_of_another_shape_or_dtype_are_refused)),
        ("tinygrad: shapes that depend on values", typeof(GraphRefusalTests),
            nameof(GraphRefusalTests.A_shape_that_depends_on_values_is_refused_when_it_is_another)),
        ("ggml: memory is planned by place and not by what it is", typeof(CompiledTileTests),
            nameof(CompiledTileTests.A_result_may_lie_where_an_operand_did_only_if_that_is_read_no_more)),
        ("ggml: users read intermediates that were overwritten", typeof(GraphExplainTests),
            nameof(GraphExplainTests.Nothing_is_changed_and_the_step_is_explained_as_the_tensors_are_now)),
        ("numexpr: the size changes the result", typeof(CompiledTileTests),
            nameof(CompiledTileTests.Wherever_a_tile_ends_the_bits_are_the_same)),
        ("dotnet: a short last tile has other bits", typeof(CompiledTrapTests), nameof(CompiledTrapTests.Ragged_ends_have_the_same_bits)),
        ("burn: one failure is buried by what follows", typeof(GraphRefusalTests),
            nameof(GraphRefusalTests.A_refusal_that_is_caught_still_stops_the_capture)),
        ("burn: order is lost", typeof(GraphRunTests), nameof(GraphRunTests.An_operation_and_its_derivatives_run_again_with_the_same_bits)),
        ("Tangent: the written code names what is not defined", typeof(GraphByHandModelTests),
            nameof(GraphByHandModelTests.Random_programs_have_the_same_bits)),
        ("Tangent: the gradient through an index is 0", typeof(GraphTrapTests),
            nameof(GraphTrapTests.A_gradient_through_an_index_is_no_zero)),
        ("torchviz: thousands of nodes cannot be read, and recursion overflows", typeof(GraphTrapTests),
            nameof(GraphTrapTests.A_chain_of_thousands_is_printed_walked_and_explained)),
        ("torchviz: tensors that are saved are put together", typeof(GraphTrapTests),
            nameof(GraphTrapTests.Equal_values_are_not_taken_for_one)),
        ("TorchLens: what is kept for backward", typeof(GraphSummaryTests),
            nameof(GraphSummaryTests.Bytes_kept_for_the_backward_pass_are_those_that_the_engine_holds)),
        ("TorchLens: edges are proven by what they contribute", typeof(GraphReaderTests),
            nameof(GraphReaderTests.The_sum_over_all_paths_is_the_gradient)),
        ("PyTorch: the state of a generator in a capture", typeof(GraphRefusalTests),
            nameof(GraphRefusalTests.Seeds_and_draws_in_CSharp_are_refused)),
        ("Guards: modes, hooks and flags that change", typeof(CompiledTrapTests),
            nameof(CompiledTrapTests.Modes_of_modules_hooks_and_flags_are_seen)),
        ("Guards: shape, dtype, strides", typeof(CompiledTrapTests),
            nameof(CompiledTrapTests.Each_shape_dtype_and_layout_has_its_own_capture)),
        ("A capture leaves something behind", typeof(GraphRefusalTests),
            nameof(GraphRefusalTests.An_error_of_the_function_leaves_no_trace)),
        ("Paths where hooks change gradients", typeof(GraphPathHookTests), nameof(GraphPathHookTests.Paths_of_a_captured_hook_are_refused)),
        ("Contributions do not sum to the gradient", typeof(GraphExplainProgramTests),
            nameof(GraphExplainProgramTests.Contributions_sum_to_the_gradient_in_random_programs)),
    ];

    public static TheoryData<string> Traps => [.. s_all.Select(trap => trap.Trap)];

    [Theory]
    [MemberData(nameof(Traps))]
    public void A_trap_has_a_test(string name)
    {
        (_, Type tests, string test) = s_all.Single(trap => trap.Trap == name);
        MethodInfo method = tests.GetMethods().Single(m => m.Name == test);
        FactAttribute fact = method.GetCustomAttributes<FactAttribute>().Single();
        fact.Skip.ShouldBeNull();
    }
}

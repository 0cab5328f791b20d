using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Adjoint.Tests.Architecture;

/// <summary>Every place where somebody takes the memory of a tensor, and whether the tensor is kept until he is done with it.</summary>
/// <remarks>
/// Note [Kept until done]: a span keeps the array it shows, but not the lease: to the compiler a tensor is dead after its last mention,
/// and its block may then go to another while a kernel still runs. So after the last use of what was taken there is a
/// <c>GC.KeepAlive</c> of the tensor, or it is returned. The proof is by the structure of the code: the keeper is a later statement of
/// the block in which the span lies, or of a block around it, or of a <c>finally</c>; so every way that uses the span leads there. A
/// method that takes the memory of its parameter and does not keep it borrows it: then all its callers have to keep theirs, and so on.
/// What cannot be followed (calls through interfaces and delegates, public methods, lambdas, fields, temporaries) has to be kept where it
/// is taken.
/// </remarks>
internal sealed class MemoryUses
{
    private const int This = -1;

    // They give the memory of the object they are called on; what they do inside is looked at nowhere else.
    private static readonly string[] s_takers = ["Memory", "Span", "First", "AsSpan"];
    private static readonly string[] s_owners = ["Tensor", "Storage"];

    // What it gives has left the pool, and is kept by the span alone.
    private const string HandsOut = "HandOut";

    private readonly Compilation _compilation;
    private readonly ILookup<string, InvocationExpressionSyntax> _calls;
    private readonly ILookup<string, SimpleNameSyntax> _names;
    private readonly HashSet<(ISymbol Method, int Parameter)> _borrowed = new(new ByDefinition());
    private readonly Queue<(IMethodSymbol Method, int Parameter)> _open = new();
    private readonly Dictionary<SyntaxTree, SemanticModel> _models = [];
    private readonly SortedSet<string> _faults = new(StringComparer.Ordinal);

    internal MemoryUses(Compilation compilation)
    {
        _compilation = compilation;
        _calls = compilation.SyntaxTrees.SelectMany(tree => tree.GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>())
            .ToLookup(call => NameOf(call)?.Identifier.ValueText ?? "");
        _names = compilation.SyntaxTrees.SelectMany(tree => tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()).ToLookup(name => name.Identifier.ValueText);
        foreach (IMethodSymbol taker in Types().Where(type => s_owners.Contains(type.Name))
                     .SelectMany(type => s_takers.SelectMany(name => type.GetMembers(name)).OfType<IMethodSymbol>())
                     .Where(method => method.DeclaredAccessibility != Accessibility.Public))
            Borrow(taker, This);
        while (_open.TryDequeue(out (IMethodSymbol Method, int Parameter) borrowed)) CheckCallers(borrowed.Method, borrowed.Parameter);
    }

    /// <summary>How many places were looked at.</summary>
    internal int Places { get; private set; }

    /// <summary>The places where the owner may be dead too early.</summary>
    internal IReadOnlyCollection<string> Faults => _faults;

    private IEnumerable<INamedTypeSymbol> Types() =>
        s_owners.SelectMany(name => _compilation.GetSymbolsWithName(name, SymbolFilter.Type)).OfType<INamedTypeSymbol>();

    private void Borrow(IMethodSymbol method, int parameter)
    {
        if (_borrowed.Add((method, parameter))) _open.Enqueue((method, parameter));
    }

    private void CheckCallers(IMethodSymbol method, int parameter)
    {
        foreach (InvocationExpressionSyntax call in _calls[method.Name])
        {
            SemanticModel model = ModelOf(call);
            ISymbol? called = model.GetSymbolInfo(call).Symbol;
            if (called is null) Fault(call, "the call could not be understood");
            else if (SymbolEqualityComparer.Default.Equals(called.OriginalDefinition, method)) Check(call, OwnerOf(call, method, parameter), model);
        }
    }

    /// <summary>The expression of the tensor whose memory a call takes; null is the object that the code itself belongs to.</summary>
    private static ExpressionSyntax? OwnerOf(InvocationExpressionSyntax call, IMethodSymbol method, int parameter)
    {
        if (parameter == This) return call.Expression is MemberAccessExpressionSyntax access ? access.Expression : null;
        string name = method.Parameters[parameter].Name;
        SeparatedSyntaxList<ArgumentSyntax> arguments = call.ArgumentList.Arguments;
        return (arguments.FirstOrDefault(argument => argument.NameColon?.Name.Identifier.ValueText == name) ?? arguments[parameter]).Expression;
    }

    private void Check(InvocationExpressionSyntax call, ExpressionSyntax? owner, SemanticModel model)
    {
        SyntaxNode body = call.Ancestors().First(IsBody);
        if (model.GetDeclaredSymbol(body) is { } itself && _borrowed.Contains((itself, This)) && s_takers.Contains(itself.Name)) return;
        if (call.Ancestors().OfType<MethodDeclarationSyntax>().Any(m => m.Identifier.ValueText == HandsOut)) return;
        Places++;
        while (owner is ParenthesizedExpressionSyntax or PostfixUnaryExpressionSyntax)
            owner = owner is ParenthesizedExpressionSyntax inner ? inner.Expression : ((PostfixUnaryExpressionSyntax)owner).Operand;
        if (owner is LiteralExpressionSyntax) return; // null: there is none
        string key = owner?.ToString() ?? "this";
        if (owner is not (null or ThisExpressionSyntax or IdentifierNameSyntax or MemberAccessExpressionSyntax))
            Fault(call, "the owner is a temporary: put it into a variable and keep that");
        else if (!IsKept(key, call, body, model))
            PassOn(call, owner, body, model);
    }

    /// <summary>What is not kept is borrowed by the method from its callers, if they can be found.</summary>
    private void PassOn(InvocationExpressionSyntax call, ExpressionSyntax? owner, SyntaxNode body, SemanticModel model)
    {
        if (model.GetDeclaredSymbol(body) is not IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.LocalFunction } method || !CanBeFollowed(method))
        {
            Fault(call, $"{owner?.ToString() ?? "this"} is not kept, and who calls cannot be followed");
            return;
        }
        ISymbol? root = owner is null or ThisExpressionSyntax ? null : model.GetSymbolInfo(owner is MemberAccessExpressionSyntax access ? RootOf(access) : owner).Symbol;
        switch (root)
        {
            case null:
            case IFieldSymbol { IsReadOnly: true } or IPropertySymbol { SetMethod: null or { IsInitOnly: true } } when IsOf(root, method.ContainingType):
                Borrow(method, This);
                break;
            case IParameterSymbol parameter when SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, method):
                Borrow(method, parameter.Ordinal);
                break;
            default:
                Fault(call, $"{owner} is not kept");
                break;
        }
    }

    private static bool IsOf(ISymbol? member, INamedTypeSymbol type) => SymbolEqualityComparer.Default.Equals(member?.ContainingType, type);

    private bool CanBeFollowed(IMethodSymbol method)
    {
        if (method.IsVirtual || method.IsOverride || method.IsAbstract || !method.ExplicitInterfaceImplementations.IsEmpty) return false;
        bool isPublic = true;
        for (ISymbol? symbol = method; symbol is not (null or INamespaceSymbol); symbol = symbol.ContainingSymbol)
            isPublic &= symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;
        if (isPublic && method.MethodKind != MethodKind.LocalFunction) return false;
        INamedTypeSymbol type = method.ContainingType;
        if (type.AllInterfaces.SelectMany(i => i.GetMembers(method.Name)).Any(m => SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(m), method)))
            return false;
        return !IsDelegate(method);
    }

    /// <summary>Whether a method is named without being called.</summary>
    private bool IsDelegate(IMethodSymbol method) => _names[method.Name].Any(name =>
    {
        SyntaxNode whole = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
        return whole.Parent is not (InvocationExpressionSyntax or MemberAccessExpressionSyntax or QualifiedNameSyntax or TypeArgumentListSyntax)
            && SymbolEqualityComparer.Default.Equals(ModelOf(name).GetSymbolInfo(name).Symbol?.OriginalDefinition, method.OriginalDefinition);
    });

    // One of each file: it remembers what it has bound.
    private SemanticModel ModelOf(SyntaxNode node)
    {
        if (!_models.TryGetValue(node.SyntaxTree, out SemanticModel? model)) _models.Add(node.SyntaxTree, model = _compilation.GetSemanticModel(node.SyntaxTree));
        return model;
    }

    private static bool IsKept(string key, InvocationExpressionSyntax call, SyntaxNode body, SemanticModel model)
    {
        StatementSyntax? statement = call.FirstAncestorOrSelf<StatementSyntax>();
        if (statement is null || !body.Contains(statement) || statement is LocalFunctionStatementSyntax) return false;
        int lastUse = call.Span.End;
        foreach ((StatementSyntax declared, string name) in SpansFrom(statement, body, model))
        {
            if (declared.SpanStart < statement.SpanStart || declared.Contains(statement)) statement = declared;
            lastUse = Math.Max(lastUse, body.DescendantNodes().OfType<IdentifierNameSyntax>().Where(n => n.Identifier.ValueText == name).Max(n => n.Span.End));
        }
        bool ends = statement is ReturnStatementSyntax or ThrowStatementSyntax;
        for (SyntaxNode node = statement; node != body && node.Parent is { } parent; node = parent)
        {
            StatementSyntax[] next = node is StatementSyntax && !ends ? [.. Following(node, parent)] : [];
            if (parent is TryStatementSyntax { Finally.Block.Statements: var last }) next = [.. next, .. last];
            if (Array.Find(next, after => after.SpanStart >= lastUse && IsKeeper(after, key)) is { } keeper) return !IsReassigned(key, call, keeper, body);
            // What follows a return is not reached from here, but for a finally, which comes with its own parent.
            ends |= next.Any(after => after is ReturnStatementSyntax or ThrowStatementSyntax or GotoStatementSyntax);
        }
        return false;
    }

    private static IEnumerable<StatementSyntax> Following(SyntaxNode node, SyntaxNode parent)
    {
        SyntaxList<StatementSyntax> all = parent switch
        {
            BlockSyntax block => block.Statements,
            SwitchSectionSyntax section => section.Statements,
            _ => default,
        };
        return all.Where(statement => statement.SpanStart > node.SpanStart);
    }

    /// <summary>The variables that show the memory taken in a statement, and the statements in which they are declared.</summary>
    private static List<(StatementSyntax Declared, string Name)> SpansFrom(StatementSyntax statement, SyntaxNode body, SemanticModel model)
    {
        List<(StatementSyntax, string)> found = [];
        var names = new HashSet<string>();
        var starts = new Queue<SyntaxNode>([statement]);
        while (starts.TryDequeue(out SyntaxNode? start))
        {
            IEnumerable<VariableDeclaratorSyntax> declared = start is LocalDeclarationStatementSyntax local ? local.Declaration.Variables : [];
            if (start is ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { Left: IdentifierNameSyntax left } })
                declared = body.DescendantNodes().OfType<VariableDeclaratorSyntax>().Where(v => v.Identifier.ValueText == left.Identifier.ValueText);
            foreach (VariableDeclaratorSyntax variable in declared)
            {
                if (model.GetDeclaredSymbol(variable) is not ILocalSymbol symbol || (!symbol.Type.IsRefLikeType && !symbol.IsRef) || !names.Add(symbol.Name)) continue;
                found.Add((variable.FirstAncestorOrSelf<StatementSyntax>()!, symbol.Name));
                foreach (IdentifierNameSyntax use in body.DescendantNodes().OfType<IdentifierNameSyntax>().Where(n => n.Identifier.ValueText == symbol.Name))
                    if (use.FirstAncestorOrSelf<StatementSyntax>() is { } user) starts.Enqueue(user);
            }
        }
        return found;
    }

    /// <summary>Whether a statement keeps the owner, or is the one that returns it.</summary>
    private static bool IsKeeper(StatementSyntax statement, string key) => statement switch
    {
        ExpressionStatementSyntax { Expression: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "KeepAlive" } } kept } =>
            kept.ArgumentList.Arguments[0].ToString() is var argument && (argument == key || argument.StartsWith(key + ".", StringComparison.Ordinal)),
        ReturnStatementSyntax { Expression: { } value } => Returns(value, key),
        _ => false,
    };

    private static bool Returns(ExpressionSyntax value, string key) => value switch
    {
        IdentifierNameSyntax or ThisExpressionSyntax or MemberAccessExpressionSyntax => value.ToString() == key,
        TupleExpressionSyntax tuple => tuple.Arguments.Any(argument => Returns(argument.Expression, key)),
        BaseObjectCreationExpressionSyntax made => made.ArgumentList?.Arguments.Any(argument => Returns(argument.Expression, key)) == true,
        _ => false,
    };

    private static bool IsReassigned(string key, InvocationExpressionSyntax call, StatementSyntax keeper, SyntaxNode body) =>
        body.DescendantNodes().OfType<AssignmentExpressionSyntax>().Any(a => a.SpanStart > call.SpanStart && a.SpanStart < keeper.SpanStart && a.Left.ToString() == key);

    private static bool IsBody(SyntaxNode node) =>
        node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax or AccessorDeclarationSyntax or BasePropertyDeclarationSyntax
            or BaseFieldDeclarationSyntax or TypeDeclarationSyntax;

    private static ExpressionSyntax RootOf(MemberAccessExpressionSyntax access)
    {
        ExpressionSyntax root = access;
        while (root is MemberAccessExpressionSyntax member) root = member.Expression is ThisExpressionSyntax ? member.Name : member.Expression;
        return root;
    }

    private static SimpleNameSyntax? NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Name,
        MemberBindingExpressionSyntax binding => binding.Name,
        SimpleNameSyntax name => name,
        _ => null,
    };

    private void Fault(SyntaxNode place, string what)
    {
        FileLinePositionSpan at = place.GetLocation().GetLineSpan();
        _faults.Add($"{at.Path}:{at.StartLinePosition.Line + 1}: {what}: {place}");
    }

    private sealed class ByDefinition : IEqualityComparer<(ISymbol Method, int Parameter)>
    {
        public bool Equals((ISymbol Method, int Parameter) x, (ISymbol Method, int Parameter) y) =>
            x.Parameter == y.Parameter && SymbolEqualityComparer.Default.Equals(x.Method.OriginalDefinition, y.Method.OriginalDefinition);

        public int GetHashCode((ISymbol Method, int Parameter) value) => SymbolEqualityComparer.Default.GetHashCode(value.Method.OriginalDefinition) + value.Parameter;
    }
}
